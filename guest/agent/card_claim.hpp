// One trial at a time measures on a card: two would share it, and neither would notice more than strange times. The claim is an
// abstract Unix socket named after the card, on Windows a mutex: it ends with its process, however that ends, and leaves no file behind.
// It holds within one network namespace; a second agent elsewhere shows as another process on the card (preflight).
#pragma once

#include <cstdint>
#include <string>

#include "harness/core/result.hpp"

namespace passbench {

class CardClaim {
public:
    /// `uuid`: of the card, "GPU-..."; empty where the driver does not tell, and nothing is claimed then. Error `precondition`,
    /// finding gpu.claimed, with the process that measures there now where the system tells; `io` where the system gives no socket.
    [[nodiscard]] static Result<CardClaim> take(const std::string& uuid);

    CardClaim(CardClaim&& other) noexcept;
    CardClaim& operator=(CardClaim&& other) = delete;
    CardClaim(const CardClaim&) = delete;
    CardClaim& operator=(const CardClaim&) = delete;
    ~CardClaim();

private:
    static constexpr std::intptr_t none = -1;
    explicit CardClaim(std::intptr_t native) : native_(native) {}

    std::intptr_t native_;  // the socket, on Windows a handle of the mutex
};

}  // namespace passbench
