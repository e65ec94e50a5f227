#include "Interface.h"

using namespace mlir;
using namespace mlir::colt5;

StringRef PublicParameter::getName() const {
  return StringRef(text).drop_front(StringRef(text).find_last_of(" *") + 1);
}

std::vector<PublicFunction> colt5::getPublicFunctions(const EmbedRequest &request,
                                                      ArrayRef<EmbedEntry> entries) {
  const std::string &prefix = request.prefix;
  const PublicParameter context{PublicType::Pointer, prefix + "_context *context"},
      constContext{PublicType::Pointer, "const " + prefix + "_context *context"},
      stream{PublicType::Pointer, "void *stream"}, device{PublicType::Pointer, "void *device"},
      bytes{PublicType::I64, "int64_t bytes"}, status{PublicType::I32, "int32_t status"};
  std::vector<PublicFunction> functions;
  auto add = [&](const std::string &name, const std::string &callee,
                 SmallVector<PublicParameter> parameters) {
    functions.push_back({name, callee, "int32_t ", PublicType::I32, std::move(parameters)});
    return &functions.back();
  };
  auto addText = [&](const std::string &name, const std::string &callee,
                     SmallVector<PublicParameter> parameters) {
    functions.push_back({name, callee, "const char *", PublicType::Pointer, std::move(parameters)});
  };
  auto *create = add(prefix + "_context_create", "colt5_embed_create",
                     {{PublicType::Pointer, "const colt5_options *options"},
                      {PublicType::Pointer, prefix + "_context **context"}});
  create->extra = PublicFunction::Artefact;
  add(prefix + "_context_destroy", "colt5_embed_destroy", {context});
  addText(prefix + "_target", "colt5_embed_target", {constContext});
  add(prefix + "_load", "colt5_embed_load", {context});
  add(prefix + "_last_error", "colt5_embed_last_error", {context, stream});
  addText(prefix + "_message", "colt5_gpu_message", {});
  addText(prefix + "_status_name", "colt5_gpu_status_name", {status});
  add(prefix + "_allocate", "colt5_embed_allocate",
      {context, bytes, {PublicType::Pointer, "void **address"}});
  add(prefix + "_free", "colt5_embed_free", {context, {PublicType::Pointer, "void *address"}});
  add(prefix + "_copy_in", "colt5_embed_copy_in",
      {context, device, {PublicType::Pointer, "const void *host"}, bytes});
  add(prefix + "_copy_out", "colt5_embed_copy_out",
      {context, {PublicType::Pointer, "void *host"}, {PublicType::Pointer, "const void *device"}, bytes});
  add(prefix + "_from_dlpack", "colt5_from_dlpack",
      {{PublicType::Pointer, "const void *dl_tensor"}, {PublicType::Pointer, "colt5_tensor *tensor"}});
  for (unsigned i = 0; i < entries.size(); ++i) {
    const EmbedEntry &entry = entries[i];
    const PublicParameter arguments{PublicType::Pointer, "const " + entry.symbol + "_arguments *arguments"};
    auto addEntry = [&](StringRef name, const std::string &callee, SmallVector<PublicParameter> parameters) {
      PublicFunction *function = add((entry.symbol + "_" + name).str(), callee, std::move(parameters));
      function->extra = PublicFunction::Entry;
      function->entry = i;
      function->position = 1;
    };
    addEntry("workspace_size", "colt5_embed_workspace_size",
             {context, arguments, {PublicType::Pointer, "int64_t *bytes"}});
    addEntry("result_sizes", "colt5_embed_result_sizes",
             {context, arguments, {PublicType::Pointer, "int64_t *sizes"}});
    addEntry("run", "colt5_embed_run",
             {context,
              stream,
              arguments,
              {PublicType::Pointer, "void *workspace"},
              {PublicType::I64, "int64_t workspace_bytes"}});
  }
  return functions;
}
