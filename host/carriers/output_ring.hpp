// The last bytes of an output that may be endless. Internal to this room.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace passbench {

class OutputRing {
public:
    explicit OutputRing(std::size_t capacity) : capacity_(capacity) {}

    void append(std::string_view text) {
        text_ += text;
        // Cut back only when twice as long: each byte is moved once.
        if (text_.size() > 2 * capacity_) text_.erase(0, text_.size() - capacity_);
    }
    [[nodiscard]] std::string last() const {
        return text_.size() <= capacity_ ? text_ : text_.substr(text_.size() - capacity_);
    }

private:
    std::size_t capacity_;
    std::string text_;
};

}  // namespace passbench
