// plasa-shim SLOT_DIRECTORY: see server.h. Started by plasa-worker, never by hand; it outlives the daemon that started
// it.
#include <stdio.h>
#include <unistd.h>

#include <string>

#include "worker/shim/server.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: plasa-shim SLOT_DIRECTORY (started by plasa-worker)\n");
    return 2;
  }
  close_range(3, ~0U, 0);  // nothing of the daemon's may stay open here
  if (chdir(argv[1]) != 0) {
    perror(argv[1]);
    return 1;
  }
  plasa::shim::Server server;
  std::string error;
  if (!server.Start(&error)) {
    fprintf(stderr, "plasa-shim: %s: %s\n", argv[1], error.c_str());
    return 1;
  }
  server.Run();
  return 0;
}
