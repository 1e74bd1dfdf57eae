// The files of this directory, embedded at build time.
#pragma once

namespace plasa::cli {

extern const char* const kPageHtml;  // with {{policy}}, {{title}}, {{style}}, {{data}}, {{script}}
extern const char* const kPageStyle;
extern const char* const kPageScript;  // all scripts, in one function

}  // namespace plasa::cli
