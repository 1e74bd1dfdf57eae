#include "trainer/data/dataset.h"

#include "common/base/sha256.h"
#include "trainer/data/byte_tokenizer.h"
#include "trainer/data/corpus.h"
#include "trainer/data/file_dataset.h"
#include "trainer/data/mapped_file.h"
#include "trainer/data/task_dataset.h"
#include "trainer/data/text.h"
#include "trainer/data/token_file.h"

namespace plasa::trainer {
namespace {

using Opened = Result<std::unique_ptr<Dataset>>;

constexpr char kFallbackNote[] =
    "no text corpus is installed here: this run trains on the built-in synthetic task markov (apt-get install "
    "bible-kjv for real text)";

Opened FromBytes(Result<Tokens> tokens, std::string name, const WindowOptions& options) {
  if (!tokens) return tokens.error();
  DataFacts facts;
  facts.name = std::move(name);
  facts.vocab = kByteVocabulary;
  facts.byte_tokens = true;
  return MakeFileDataset(std::move(*tokens), std::move(facts), options);
}

Opened OpenCorpus(Corpus corpus, const WindowOptions& options) {
  if (corpus == Corpus::kSotu) return FromBytes(LoadSotu(), "sotu", options);
  if (corpus == Corpus::kKjv || KjvIsInstalled()) return FromBytes(LoadKjv(), "kjv", options);
  return MakeTaskDataset(TaskSpec{}, kFallbackNote, options);
}

Opened OpenText(const DataPath& path, const WindowOptions& options) {
  auto documents = ReadDocuments(path.path, path.format != FileFormat::kBytes);
  if (!documents) return documents.error();
  ByteTokenizer tokenizer;
  for (const std::string& document : *documents) tokenizer.Add(document);
  return FromBytes(tokenizer.Take(), path.path, options);
}

Opened OpenTokenFile(const DataPath& path, FileFormat format, const WindowOptions& options) {
  auto tokens = format == FileFormat::kLlmc ? OpenLlmcFile(path.path) : OpenHeaderlessFile(path.path);
  if (!tokens) return tokens.error();
  if (path.eot_id >= 0 && tokens->documents() == 1) tokens->SplitAfter(static_cast<uint32_t>(path.eot_id));
  DataFacts facts;
  facts.name = path.path;
  facts.vocab = static_cast<int64_t>(tokens->MaxId()) + 1;
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

Opened OpenPath(const DataPath& path, const WindowOptions& options) {
  if (Outcome wrong = CheckDigest(path)) return *wrong;
  const FileFormat format = Detect(path);
  if (format == FileFormat::kLlmc || format == FileFormat::kHeaderless) return OpenTokenFile(path, format, options);
  return OpenText(path, options);
}

struct Opener {
  const WindowOptions& options;
  Opened operator()(Corpus corpus) const { return OpenCorpus(corpus, options); }
  Opened operator()(const DataPath& path) const { return OpenPath(path, options); }
  Opened operator()(const TaskSpec& task) const { return MakeTaskDataset(task, "", options); }
};

}  // namespace

Opened OpenDataset(const DataSpec& spec, const WindowOptions& options) { return std::visit(Opener{options}, spec); }

}  // namespace plasa::trainer
