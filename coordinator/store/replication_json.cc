#include "coordinator/store/replication_json.h"

#include <boost/json.hpp>

#include "common/runtime/json.h"

namespace plasa::store {
namespace {

namespace json = boost::json;

coordinator::AddedSeeds AddedOf(const json::object& object) {
  coordinator::AddedSeeds added{
      NumberOr(object, "at", 0), {}, IntegerOr(object, "cells", 0), TextOr(object, "why", "")};
  const json::value* seeds = object.if_contains("seeds");
  if (seeds == nullptr || !seeds->is_array()) return added;
  for (const json::value& seed : seeds->get_array()) {
    if (seed.is_int64()) added.seeds.push_back(seed.get_int64());
  }
  return added;
}

}  // namespace

std::string ReplicationJson(const coordinator::Replication& replication) {
  json::array added;
  for (const coordinator::AddedSeeds& seeds : replication.added) {
    added.push_back(json::object{{"at", seeds.at_unix_s},
                                 {"seeds", json::array(seeds.seeds.begin(), seeds.seeds.end())},
                                 {"cells", seeds.cells},
                                 {"why", seeds.why}});
  }
  return json::serialize(json::object{{"added", std::move(added)}, {"stopped", replication.stopped}});
}

coordinator::Replication ReadReplication(const std::string& text, bool open) {
  const json::object object = ParseObjectOrEmpty(text);
  coordinator::Replication replication;
  replication.open = open;
  replication.stopped = TextOr(object, "stopped", "");
  const json::value* entries = object.if_contains("added");
  if (entries == nullptr || !entries->is_array()) return replication;
  for (const json::value& entry : entries->get_array()) {
    if (entry.is_object()) replication.added.push_back(AddedOf(entry.get_object()));
  }
  return replication;
}

}  // namespace plasa::store
