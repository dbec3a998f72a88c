#include "host/cli/progress.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <utility>

#include <fmt/core.h>

#include "host/cli/json_documents.hpp"

namespace passbench {

namespace {

double share_of(const RunProgress& progress) {
    return progress.planned == 0 ? 1.0 : static_cast<double>(progress.done) / static_cast<double>(progress.planned);
}

std::string place_of(const RunProgress& progress) {
    const auto look =
        progress.looks > 1 ? fmt::format("look {} of {}, ", progress.look, progress.looks) : std::string();
    const auto arm = progress.arm.empty() ? std::string() : ", " + progress.arm;
    return fmt::format("{}block {} of {}{}", look, progress.block + 1, progress.blocks, arm);
}

class Bar : public Progress {
public:
    explicit Bar(std::ostream& stream) : stream_(stream) {}

    void begin(const std::filesystem::path& run, const RunProgress& progress) override {
        stream_ << "measuring into " << run.string() << '\n';
        draw(progress);
    }
    void trial_done(const RunProgress& progress) override { draw(progress); }
    void message(std::string_view text) override {
        wipe();
        stream_ << text << '\n' << line_ << std::flush;
    }
    void end(const RunProgress& /*progress*/) override {
        wipe();
        stream_ << std::flush;
    }

private:
    void wipe() { stream_ << '\r' << std::string(columns, ' ') << '\r'; }
    void draw(const RunProgress& progress) {
        constexpr int cells = 20;
        const int full = static_cast<int>(std::floor(share_of(progress) * cells));
        line_ = fmt::format("[{}{}] {:3.0f} %  {}, {} left", std::string(static_cast<std::size_t>(full), '#'),
                            std::string(static_cast<std::size_t>(cells - full), '.'),
                            std::floor(share_of(progress) * 100), place_of(progress), time_left(progress.left_s));
        line_.resize(std::min(line_.size(), columns));
        wipe();
        stream_ << line_ << std::flush;
    }

    static constexpr std::size_t columns = 79;
    std::ostream& stream_;
    std::string line_;
};

class Lines : public Progress {
public:
    Lines(std::ostream& stream, std::function<std::int64_t()> now_ns) : stream_(stream), now_ns_(std::move(now_ns)) {}

    void begin(const std::filesystem::path& run, const RunProgress& progress) override {
        stream_ << fmt::format("measuring {} trials into {}, {} left\n", progress.planned - progress.done, run.string(),
                               time_left(progress.left_s))
                << std::flush;
        remember(progress);
    }
    void trial_done(const RunProgress& progress) override {
        constexpr std::int64_t pause_ns = 10'000'000'000;
        if (tenth_of(progress) == last_tenth_ && now_ns_() - last_ns_ < pause_ns) {
            return;
        }
        stream_ << fmt::format("{} of {} trials ({:.0f} %), {}, {} left\n", progress.done, progress.planned,
                               std::floor(share_of(progress) * 100), place_of(progress), time_left(progress.left_s))
                << std::flush;
        remember(progress);
    }
    void message(std::string_view text) override { stream_ << text << '\n' << std::flush; }
    void end(const RunProgress& /*progress*/) override {}

private:
    static int tenth_of(const RunProgress& progress) { return static_cast<int>(share_of(progress) * 10); }
    void remember(const RunProgress& progress) {
        last_tenth_ = tenth_of(progress);
        last_ns_ = now_ns_();
    }

    std::ostream& stream_;
    std::function<std::int64_t()> now_ns_;
    int last_tenth_ = 0;
    std::int64_t last_ns_ = 0;
};

class JsonLines : public Progress {
public:
    explicit JsonLines(std::ostream& stream) : stream_(stream) {}

    void begin(const std::filesystem::path& run, const RunProgress& progress) override {
        write(progress_line("begin", &progress, run.string(), ""));
    }
    void trial_done(const RunProgress& progress) override { write(progress_line("trial", &progress, "", "")); }
    void message(std::string_view text) override { write(progress_line("message", nullptr, "", text)); }
    void end(const RunProgress& progress) override { write(progress_line("end", &progress, "", "")); }

private:
    void write(const std::string& line) { stream_ << line << std::flush; }

    std::ostream& stream_;
};

}  // namespace

std::unique_ptr<Progress> make_progress_bar(std::ostream& stream) { return std::make_unique<Bar>(stream); }

std::unique_ptr<Progress> make_progress_lines(std::ostream& stream, std::function<std::int64_t()> now_ns) {
    return std::make_unique<Lines>(stream, std::move(now_ns));
}

std::unique_ptr<Progress> make_progress_json(std::ostream& stream) { return std::make_unique<JsonLines>(stream); }

std::string time_left(double seconds) {
    if (seconds < 1) {
        return "under 1 s";
    }
    const auto whole = static_cast<std::int64_t>(std::ceil(seconds));
    if (whole < 60) {
        return fmt::format("about {} s", whole);
    }
    if (whole < 3600) {
        return whole % 60 == 0 ? fmt::format("about {} min", whole / 60)
                               : fmt::format("about {} min {} s", whole / 60, whole % 60);
    }
    return fmt::format("about {} h {} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace passbench
