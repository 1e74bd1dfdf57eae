// Names of threads, as `top -H` and /proc show them.
#pragma once

#include <pthread.h>

namespace plasa {

// At most 15 letters.
inline void NameThisThread(const char* name) { pthread_setname_np(pthread_self(), name); }

}  // namespace plasa
