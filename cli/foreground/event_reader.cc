#include "cli/foreground/event_reader.h"

#include <iterator>

#include "cli/output/json_text.h"

namespace plasa::cli {

void EventReader::Read(absl::FunctionRef<void(const boost::json::object& event)> use) {
  file_.clear();
  rest_.append(std::istreambuf_iterator<char>(file_), {});
  size_t begin = 0;
  for (size_t end = 0; (end = rest_.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const boost::json::object event = ParseObjectOrEmpty(rest_.substr(begin, end - begin));
    if (!event.empty()) use(event);
  }
  rest_.erase(0, begin);
}

}  // namespace plasa::cli
