// report.html: one file that shows a result tree by itself, without any network.
#pragma once

#include <boost/json/object.hpp>
#include <string>

namespace plasa::cli {

// The page with `data` in it (page_data.h says what it is) and `title` as its title. Nothing in them can leave its
// place, whatever text it holds; the page's policy lets it run its own script and load nothing. Pure.
[[nodiscard]] std::string PageHtml(const std::string& title, const boost::json::object& data);

}  // namespace plasa::cli
