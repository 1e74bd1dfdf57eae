#include "trainer/data/dataset.h"

#include "common/base/sha256.h"
#include "trainer/data/cache.h"
#include "trainer/data/corpus.h"
#include "trainer/data/file_dataset.h"
#include "trainer/data/mapped_file.h"
#include "trainer/data/task_dataset.h"
#include "trainer/data/text.h"
#include "trainer/data/token_file.h"

namespace plasa::trainer {
namespace {

using Opened = Result<std::unique_ptr<Dataset>>;
using NamedTokenizer = std::optional<TextEncoder>;

constexpr char kFallbackNote[] =
    "no text corpus is installed here: this run trains on the built-in synthetic task markov (apt-get install "
    "bible-kjv for real text)";
constexpr char kNoEndNote[] = " has no added token <|endoftext|>: documents follow one another without a mark";

void SetTokenizer(const TextEncoder& encoder, DataFacts* facts) {
  facts->vocab = static_cast<int64_t>(encoder.largest_id) + 1;
  facts->tokenizer = encoder.name;
  facts->tokenizer_sha256 = encoder.sha256;
  facts->token_bytes = encoder.token_bytes;
}

// Nothing when `encoder` has the id `largest`, the largest of the data called `name`.
Outcome CheckIds(uint32_t largest, const TextEncoder& encoder, const std::string& name) {
  if (largest <= encoder.largest_id) return std::nullopt;
  return Error{"holds the id " + std::to_string(largest) + ", the tokenizer " + encoder.name + " has none beyond " +
                   std::to_string(encoder.largest_id),
               name, "name the tokenizer that made the file, or none"};
}

Opened FromText(Result<Tokens> tokens, std::string name, const TextEncoder& encoder, const WindowOptions& options) {
  if (!tokens) return tokens.error();
  if (auto refused = CheckIds(tokens->MaxId(), encoder, name)) return *refused;
  DataFacts facts;
  facts.name = std::move(name);
  SetTokenizer(encoder, &facts);
  if (!encoder.end_of_document) facts.note = encoder.name + kNoEndNote;
  return MakeFileDataset(std::move(*tokens), std::move(facts), options);
}

Opened OpenTask(const TaskSpec& task, std::string note, const NamedTokenizer& tokenizer, const WindowOptions& options) {
  if (!tokenizer || tokenizer->IsBytes()) return MakeTaskDataset(task, std::move(note), options);
  return Error{"a synthetic task has no text for " + tokenizer->name, "tokenizer", "leave it out, or train on text"};
}

Opened OpenCorpus(Corpus corpus, const NamedTokenizer& tokenizer, const WindowOptions& options) {
  const TextEncoder encoder = tokenizer.value_or(ByteEncoder());
  if (corpus == Corpus::kSotu) return FromText(LoadSotu(encoder), "sotu", encoder, options);
  if (corpus == Corpus::kKjv || KjvIsInstalled(encoder)) return FromText(LoadKjv(encoder), "kjv", encoder, options);
  return OpenTask(TaskSpec{}, kFallbackNote, tokenizer, options);
}

// Bytes are their own ids; everything else is tokenised once.
Result<Tokens> Tokenised(const std::vector<std::string>& documents, const TextEncoder& encoder) {
  if (encoder.IsBytes()) return TokensOf(documents, encoder);
  return CachedTokens(CacheNameOf(documents) + encoder.CacheSuffix(), [&] { return TokensOf(documents, encoder); });
}

Opened OpenText(const DataPath& path, const NamedTokenizer& tokenizer, const WindowOptions& options) {
  const TextEncoder encoder = tokenizer.value_or(ByteEncoder());
  const bool any_bytes = path.format == FileFormat::kBytes;
  if (any_bytes && !encoder.IsBytes())
    return Error{"needs the tokenizer bytes, not " + encoder.name, "data.format: bytes", "give format: text"};
  auto documents = ReadDocuments(path.path, !any_bytes);
  if (!documents) return documents.error();
  return FromText(Tokenised(*documents, encoder), path.path, encoder, options);
}

Opened OpenTokenFile(const DataPath& path, FileFormat format, const NamedTokenizer& tokenizer,
                     const WindowOptions& options) {
  auto tokens = format == FileFormat::kLlmc ? OpenLlmcFile(path.path) : OpenHeaderlessFile(path.path);
  if (!tokens) return tokens.error();
  const uint32_t largest = tokens->MaxId();
  if (path.eot_id >= 0 && tokens->documents() == 1) tokens->SplitAfter(static_cast<uint32_t>(path.eot_id));
  DataFacts facts;
  facts.name = path.path;
  facts.vocab = static_cast<int64_t>(largest) + 1;
  if (tokenizer) {
    if (auto refused = CheckIds(largest, *tokenizer, path.path)) return *refused;
    SetTokenizer(*tokenizer, &facts);
  }
  return MakeFileDataset(std::move(*tokens), std::move(facts), options);
}

// A name that ends in .bin is an llm.c file (headerless ids are never guessed); anything else is text.
FileFormat Detect(const DataPath& path) {
  if (path.format != FileFormat::kDetect) return path.format;
  return path.path.ends_with(".bin") ? FileFormat::kLlmc : FileFormat::kText;
}

// Nothing when the file has the digest it was named with.
Outcome CheckDigest(const DataPath& path) {
  if (path.sha256.empty()) return std::nullopt;
  const auto file = MappedFile::Open(path.path);
  if (!file) return file.error();
  const std::string digest = Sha256Hex({reinterpret_cast<const char*>(file->data()), file->size()});
  if (digest == path.sha256) return std::nullopt;
  return Error{"has the SHA-256 " + digest + ", not " + path.sha256, path.path,
               "put the same file there on every worker"};
}

Opened OpenPath(const DataPath& path, const NamedTokenizer& tokenizer, const WindowOptions& options) {
  if (Outcome wrong = CheckDigest(path)) return *wrong;
  const FileFormat format = Detect(path);
  if (format == FileFormat::kLlmc || format == FileFormat::kHeaderless)
    return OpenTokenFile(path, format, tokenizer, options);
  return OpenText(path, tokenizer, options);
}

struct Opener {
  const NamedTokenizer& tokenizer;
  const WindowOptions& options;
  Opened operator()(Corpus corpus) const { return OpenCorpus(corpus, tokenizer, options); }
  Opened operator()(const DataPath& path) const { return OpenPath(path, tokenizer, options); }
  Opened operator()(const TaskSpec& task) const { return OpenTask(task, "", tokenizer, options); }
};

}  // namespace

Opened OpenDataset(const DataSpec& spec, const WindowOptions& options, const std::optional<TextEncoder>& tokenizer) {
  return std::visit(Opener{tokenizer, options}, spec);
}

}  // namespace plasa::trainer
