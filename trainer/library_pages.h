// Pages of the libraries that only their start needed.
#pragma once

namespace plasa::trainer {

// Unmaps what the loaded libraries have mapped of their files and cannot have changed: after their start, most of it
// has had its use (relocations, registrations, names that were looked up; Debian's LibTorch brings some two hundred
// libraries). It stays in the page cache, and what runs again is mapped again when it does. Breakpoints that a debugger
// has set in a library are lost, those in the program itself are not.
void ReleaseLibraryPages();

}  // namespace plasa::trainer
