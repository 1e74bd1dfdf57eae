#include "cli/report/layer_means.h"

namespace plasa::cli {
namespace {

namespace json = boost::json;
using Values = std::vector<const json::value*>;  // one a run

const json::array* LayersOf(const RunRecord& run) {
  const json::value* layers = run.record.if_contains("layers");
  return layers == nullptr ? nullptr : layers->if_array();
}

json::value MeanOf(const Values& values);

json::value MeanOfLists(const Values& values) {
  json::array out;
  for (size_t i = 0; i < values.front()->get_array().size(); ++i) {
    Values elements;
    for (const json::value* value : values) {
      const json::array* list = value->if_array();
      if (list == nullptr || i >= list->size()) return nullptr;
      elements.push_back(&(*list)[i]);
    }
    out.push_back(MeanOf(elements));
  }
  return out;
}

// null where they are not all numbers, or all lists of such.
json::value MeanOf(const Values& values) {
  if (values.front()->is_array()) return MeanOfLists(values);
  double sum = 0;
  for (const json::value* value : values) {
    if (!value->is_number()) return nullptr;
    sum += value->to_number<double>();
  }
  return sum / static_cast<double>(values.size());
}

json::object MeanOfLayer(const std::vector<const json::array*>& all, size_t layer) {
  json::object out;
  const json::object* first = (*all.front())[layer].if_object();
  if (first == nullptr) return out;
  for (const auto& member : *first) {
    Values values;
    for (const json::array* layers : all) {
      const json::object* fields = (*layers)[layer].if_object();
      const json::value* value = fields == nullptr ? nullptr : fields->if_contains(member.key());
      if (value != nullptr) values.push_back(value);
    }
    if (values.size() == all.size()) out[member.key()] = MeanOf(values);
  }
  return out;
}

}  // namespace

json::array LayerMeans(const std::vector<const RunRecord*>& runs) {
  std::vector<const json::array*> all;
  for (const RunRecord* run : runs) {
    const json::array* layers = LayersOf(*run);
    if (layers == nullptr || (!all.empty() && layers->size() != all.front()->size())) return {};
    all.push_back(layers);
  }
  json::array out;
  for (size_t i = 0; !all.empty() && i < all.front()->size(); ++i) out.push_back(MeanOfLayer(all, i));
  return out;
}

}  // namespace plasa::cli
