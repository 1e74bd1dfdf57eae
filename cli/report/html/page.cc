#include "cli/report/html/page.h"

#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/output/json_text.h"
#include "cli/output/terminal.h"
#include "cli/report/html/page_text.h"
#include "common/base/sha256.h"

namespace plasa::cli {
namespace {

// A script's or a style's digest as a content security policy names it.
std::string PolicyHash(const char* text) {
  return absl::StrCat("'sha256-", absl::Base64Escape(absl::HexStringToBytes(Sha256Hex(text))), "'");
}

std::string Policy() {
  return absl::StrCat("default-src 'none'; script-src ", PolicyHash(kPageScript), "; style-src ",
                      PolicyHash(kPageStyle), "; img-src data:; base-uri 'none'; form-action 'none'");
}

// In JSON these signs stand inside texts only, where an escape means the same: the data cannot end their element.
std::string DataText(const boost::json::object& data) {
  return absl::StrReplaceAll(JsonText(data), {{"<", "\\u003c"}, {">", "\\u003e"}, {"&", "\\u0026"}});
}

std::string HtmlText(const std::string& text) {
  return absl::StrReplaceAll(Harmless(text),
                             {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"{", "&#123;"}});
}

}  // namespace

std::string PageHtml(const std::string& title, const boost::json::object& data) {
  // In one pass: what is put in is not looked at again.
  return absl::StrReplaceAll(kPageHtml, {{"{{policy}}", Policy()},
                                         {"{{title}}", HtmlText(title)},
                                         {"{{style}}", kPageStyle},
                                         {"{{script}}", kPageScript},
                                         {"{{data}}", DataText(data)}});
}

}  // namespace plasa::cli
