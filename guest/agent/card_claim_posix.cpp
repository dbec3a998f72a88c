#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <optional>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <utility>

#include <fmt/core.h>

#include "guest/agent/card_claim.hpp"
#include "harness/core/findings.hpp"

namespace passbench {
namespace {

struct Address {
    sockaddr_un name{};
    socklen_t size = 0;

    /// A name that begins with a zero byte is no file (unix(7)).
    explicit Address(const std::string& uuid) {
        const std::string text = "passbench/" + uuid;
        name.sun_family = AF_UNIX;
        const std::size_t length = std::min(text.size(), sizeof name.sun_path - 1);
        std::memcpy(name.sun_path + 1, text.data(), length);
        size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + length);
    }
    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&name); }
};

int socket_of(std::intptr_t native) { return static_cast<int>(native); }

int new_socket() { return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0); }

/// The process that listens there; nothing where it has gone meanwhile.
std::optional<int> listener_at(const Address& address) {
    const int asking = new_socket();
    if (asking < 0) return std::nullopt;
    std::optional<int> process;
    ucred peer{};
    socklen_t size = sizeof peer;
    if (connect(asking, address.get(), address.size) == 0 &&
        getsockopt(asking, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0) {
        process = peer.pid;
    }
    close(asking);
    return process;
}

}  // namespace

Result<CardClaim> CardClaim::take(const std::string& uuid) {
    if (uuid.empty()) return CardClaim(none);
    CardClaim claim(new_socket());
    if (claim.native_ < 0) {
        return fail({.code = ErrorCode::io,
                     .what = fmt::format("cannot make a socket: {}", std::strerror(errno)),
                     .where = {},
                     .fix = "Raise the limit of open files (ulimit -n)."});
    }
    const Address address(uuid);
    constexpr int backlog = 8;
    if (bind(socket_of(claim.native_), address.get(), address.size) == 0 &&
        listen(socket_of(claim.native_), backlog) == 0)
        return claim;
    const std::optional<int> process = listener_at(address);
    return fail(catalogued_error(ErrorCode::precondition,
                                 fmt::format("another trial of passbench measures on the card {} now{}", uuid,
                                             process ? fmt::format(": process {}", *process) : std::string()),
                                 "gpu.claimed"));
}

CardClaim::CardClaim(CardClaim&& other) noexcept : native_(std::exchange(other.native_, none)) {}

CardClaim::~CardClaim() {
    if (native_ != none) close(socket_of(native_));
}

}  // namespace passbench
