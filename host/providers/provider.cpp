#include "host/providers/provider.hpp"

#include "host/providers/local_provider.hpp"

namespace passbench {

Result<std::unique_ptr<Provider>> make_provider(const std::string& name) {
    if (name == "local") return std::unique_ptr<Provider>(std::make_unique<LocalProvider>());
    return fail({.code = ErrorCode::usage,
                 .what = "no provider is named '" + name + "'",
                 .where = "provider " + name,
                 .fix = "Known providers: local."});
}

}  // namespace passbench
