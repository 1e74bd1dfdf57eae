// Who answers requests.
#pragma once

#include "coordinator/http/message.h"

namespace plasa::http {

// Handle is called on the HTTP thread and must not block on anything but the database. `done` may be called from any
// thread, once; when it is never called the client gets 504.
class Handler {
 public:
  virtual ~Handler() = default;
  virtual void Handle(Request request, Done done) = 0;
};

}  // namespace plasa::http
