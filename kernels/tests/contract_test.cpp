// The promises of WorkloadInstance, held for every workload and form, instruction set and number of threads, on small sizes
// that are no multiple of anything. The cuda forms run on the stand-in driver: the same kernels, compiled for the CPU; with
// PASSBENCH_TEST_DRIVER=machine, on the driver and the card of this machine, and everything is skipped where there is none.
#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/cpu/isa.hpp"
#include "kernels/cpu/library_environment.hpp"
#include "kernels/cpu/stream_inputs.hpp"
#include "kernels/cuda/driver.hpp"
#include "kernels/tests/fault_plan.hpp"
#include "kernels/workload_instance.hpp"

namespace passbench {
namespace {

constexpr std::uint64_t seed = 20260115;
constexpr int workers = 3;

bool on_card() {
    const char* const driver = std::getenv("PASSBENCH_TEST_DRIVER");
    return driver != nullptr && std::string_view(driver) == "machine";
}

/// As the programs do that measure, before any thread is there.
class LibrariesAreSetUp : public testing::Environment {
public:
    void SetUp() override { set_library_environment(); }
};

const auto* const libraries_are_set_up =
    testing::AddGlobalTestEnvironment(new LibrariesAreSetUp);  // GoogleTest deletes it

/// One line for the whole program where a card is asked for and there is none; a driver that has one and fails is a failure.
class CardIsThere : public testing::Environment {
public:
    void SetUp() override {
        if (!on_card()) return;
        const auto driver = Driver::load({});
        if (driver && (*driver)->is_simulated()) GTEST_SKIP() << "no GPU: the driver of this machine is a stand-in";
        if (driver) return;
        ASSERT_EQ(driver.error().code, ErrorCode::unsupported) << to_text(driver.error());
        GTEST_SKIP() << "no GPU: " << to_text(driver.error());
    }
};

const auto* const card_is_there = testing::AddGlobalTestEnvironment(new CardIsThere);  // GoogleTest deletes it

/// Three workers on the CPUs there are, so that shares are uneven on every machine.
ThreadPool& shared_pool() {
    static ThreadPool pool([] {
        const std::vector<int> usable = usable_cpus();
        std::vector<int> cpus;
        for (std::size_t i = 0; cpus.size() < workers; ++i) cpus.insert(cpus.end(), usable[i % usable.size()]);
        return cpus;
    }());
    return pool;
}

/// What a test name stands for: a workload and form with the words that choose its code. Each test goes through the sizes,
/// instruction sets and numbers of threads by itself.
struct ContractCase {
    std::string name;
    const Workload* workload;
    Form form;
    Parameters words;
};

InstanceContext context_of(ThreadPool& pool, std::uint64_t with_seed) {
    const std::string library = on_card() ? "" : PASSBENCH_STAND_IN;
    return {.pool = pool, .seed = with_seed, .driver = {.library = library, .seed = with_seed}};
}

void PrintTo(const ContractCase& what, std::ostream* out) { *out << what.name; }

bool has_form(const Parameter& parameter, Form form) {
    return std::ranges::find(parameter.forms, form) != parameter.forms.end();
}

/// What a CPU can do and how many CPUs there are is gone through within a test.
bool is_of_machine(const Parameter& parameter) { return parameter.name == "isa" || parameter.name == "threads"; }

/// `given` once for each value of the parameter; unchanged where there are no values.
std::vector<Parameters> with_each(const std::vector<Parameters>& given, std::string_view name,
                                  const std::vector<Value>& values) {
    if (values.empty()) return given;
    std::vector<Parameters> result;
    for (const Parameters& parameters : given) {
        for (const Value& value : values) {
            result.push_back(parameters);
            result.back()[std::string(name)] = value;
        }
    }
    return result;
}

/// Letters, digits and underscores, as GoogleTest wants its names.
std::string test_name_of(const Workload& workload, Form form, const Parameters& words) {
    std::string name = std::string(workload.name) + "_" + std::string(to_string(form));
    for (const Parameter& parameter : workload.parameters) {
        const auto word = words.find(parameter.name);
        if (word != words.end()) name += "_" + to_string(word->second);
    }
    std::ranges::replace_if(
        name, [](char character) { return std::isalnum(static_cast<unsigned char>(character)) == 0; }, '_');
    return name;
}

/// The catalogue's words in all combinations that mean something.
std::vector<ContractCase> contract_cases() {
    std::vector<ContractCase> cases;
    for (const Workload& workload : workloads()) {
        for (const Form form : workload.forms) {
            std::vector<Parameters> combinations = {{}};
            for (const Parameter& parameter : workload.parameters) {
                if (!has_form(parameter, form) || is_of_machine(parameter)) continue;
                if (!parameter.tested.empty()) continue;  // sizes take the place of words such as "share"
                std::vector<Value> values;
                for (const std::string_view word : parameter.words) values.emplace_back(std::string(word));
                combinations = with_each(combinations, parameter.name, values);
            }
            std::set<std::string> seen;
            for (const Parameters& given : combinations) {
                const auto complete = complete_parameters(workload, form, given);
                if (!complete || !seen.insert(case_name(workload.name, form, *complete)).second) continue;
                Parameters words;
                for (const auto& [name, value] : given) words[name] = complete->at(name);
                cases.push_back({test_name_of(workload, form, words), &workload, form, words});
            }
        }
    }
    return cases;
}

class WorkloadContract : public testing::TestWithParam<ContractCase> {
public:
    /// Every tested size, instruction set of this CPU and number of threads that the workload has.
    static std::vector<Parameters> all_parameters_of(const ContractCase& what) {
        const auto& [name, workload, form, words] = what;
        std::vector<Parameters> all;
        for (const Parameters& sizes : tested_sizes(*workload, form)) {
            all.push_back(sizes);
            all.back().insert(words.begin(), words.end());
        }
        const Parameter* const threads = find_parameter(*workload, "threads");
        if (threads != nullptr && has_form(*threads, form)) all = with_each(all, "threads", {std::int64_t{1}, "all"});
        const Parameter* const isa = find_parameter(*workload, "isa");
        if (isa != nullptr && has_form(*isa, form)) {
            std::vector<Value> names = {"best"};
            for (const Isa each : {Isa::sse2, Isa::avx2, Isa::avx512}) {
                if (supports(detect_cpu(), each)) names.emplace_back(std::string(to_string(each)));
            }
            all = with_each(all, "isa", names);
        }
        std::map<std::string, Parameters> different;
        for (const Parameters& parameters : all) {
            const auto complete = complete_parameters(*workload, form, parameters);
            EXPECT_TRUE(complete) << (complete ? "" : complete.error().what);
            if (complete) different.emplace(case_name(workload->name, form, *complete), *complete);
        }
        all.clear();
        for (const auto& [case_named, parameters] : different) all.push_back(parameters);
        return all;
    }

protected:
    static std::vector<Parameters> all_parameters() { return all_parameters_of(GetParam()); }

    /// The first values of all parameters that have Parameter::tested, then the second ones, as often as the longest list.
    static std::vector<Parameters> tested_sizes(const Workload& workload, Form form) {
        std::size_t longest = 1;
        for (const Parameter& parameter : workload.parameters) longest = std::max(longest, parameter.tested.size());
        std::vector<Parameters> sizes(longest);
        for (const Parameter& parameter : workload.parameters) {
            if (!has_form(parameter, form) || parameter.tested.empty()) continue;
            for (std::size_t i = 0; i < longest; ++i) {
                sizes[i][std::string(parameter.name)] = parameter.tested[i % parameter.tested.size()];
            }
        }
        return sizes;
    }

    static std::string name_of(const Parameters& parameters) {
        return case_name(GetParam().workload->name, GetParam().form, parameters);
    }

    /// Null where it is unsupported here; WorkloadForms.TheseAloneAreUnsupportedHere has the list.
    static std::unique_ptr<WorkloadInstance> prepare(const Parameters& parameters, std::uint64_t with_seed = seed) {
        auto instance = find_workload_form(GetParam().workload->name, GetParam().form)
                            ->prepare(parameters, context_of(shared_pool(), with_seed));
        if (!instance && instance.error().code == ErrorCode::unsupported) return nullptr;
        EXPECT_TRUE(instance) << (instance ? "" : instance.error().what);
        return instance ? std::move(*instance) : nullptr;
    }

    static void expect_wrong(const WorkloadInstance& instance, const std::string& why) {
        const auto checked = instance.check_results();
        ASSERT_FALSE(checked) << why << " was not noticed";
        EXPECT_EQ(checked.error().code, ErrorCode::verify_failed);
        EXPECT_NE(checked.error().what.find(GetParam().workload->name), std::string::npos) << checked.error().what;
        EXPECT_FALSE(checked.error().fix.empty());
    }
};

TEST_P(WorkloadContract, RightResultsAreAcceptedBeforeAndAfterTiming) {
    for (const Parameters& parameters : all_parameters()) {
        SCOPED_TRACE(name_of(parameters));
        const auto instance = prepare(parameters);
        if (!instance) continue;
        instance->iterate();  // the cold start comes before the first check
        EXPECT_TRUE(instance->verify());
        for (int i = 0; i < 3; ++i) instance->iterate();
        EXPECT_TRUE(instance->fetch_results());
        EXPECT_TRUE(instance->check_results());
        EXPECT_TRUE(instance->verify());
    }
}

TEST_P(WorkloadContract, OneFlippedBitIsCaught) {
    for (const Parameters& parameters : all_parameters()) {
        SCOPED_TRACE(name_of(parameters));
        const auto instance = prepare(parameters);
        if (!instance) continue;
        ASSERT_TRUE(instance->verify());
        const auto [element_bytes, is_exact] = instance->result_layout();
        const std::span<std::byte> results = instance->results();
        const std::size_t size = results.size();
        for (std::size_t at : std::set<std::size_t>{0, 1, size / 3, size / 2, size - 2, size - 1}) {
            for (auto bit : {std::byte{1}, std::byte{0x80}}) {
                if (!is_exact) {  // the highest bit of the exponent
                    at = at / element_bytes * element_bytes + element_bytes - 1;
                    bit = std::byte{0x40};
                }
                results[at] ^= bit;
                expect_wrong(*instance, "a flipped bit in byte " + std::to_string(at) + " of " + std::to_string(size));
                results[at] ^= bit;
                ASSERT_TRUE(instance->check_results());
            }
        }
    }
}

TEST_P(WorkloadContract, OneNanIsCaught) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const float nan_f32 = std::numeric_limits<float>::quiet_NaN();
    for (const Parameters& parameters : all_parameters()) {
        SCOPED_TRACE(name_of(parameters));
        const auto instance = prepare(parameters);
        if (!instance) continue;
        ASSERT_TRUE(instance->verify());
        const std::span<const std::byte> planted = instance->result_layout().element_bytes == sizeof(float)
                                                       ? std::as_bytes(std::span(&nan_f32, 1))
                                                       : std::as_bytes(std::span(&nan, 1));
        const std::span<std::byte> results = instance->results();
        if (results.size() < planted.size()) continue;
        for (const std::size_t at : {std::size_t{0}, (results.size() / planted.size() - 1) * planted.size()}) {
            const std::span<std::byte> place = results.subspan(at, planted.size());
            const std::vector<std::byte> right(place.begin(), place.end());
            std::ranges::copy(planted, place.begin());
            expect_wrong(*instance, "a NaN at byte " + std::to_string(at));
            std::ranges::copy(right, place.begin());
            ASSERT_TRUE(instance->check_results());
        }
    }
}

TEST_P(WorkloadContract, OneMissingTailElementIsCaught) {
    for (const Parameters& parameters : all_parameters()) {
        SCOPED_TRACE(name_of(parameters));
        const auto instance = prepare(parameters);
        if (!instance) continue;
        const std::span<std::byte> tail = instance->results().last(instance->result_layout().element_bytes);
        const std::vector<std::byte> untouched(tail.begin(), tail.end());  // as if the work stopped one element early
        ASSERT_TRUE(instance->verify());
        std::ranges::copy(untouched, tail.begin());
        expect_wrong(*instance, "a missing last element");
    }
}

TEST_P(WorkloadContract, TheSeedAloneDecidesTheInputs) {
    if (!GetParam().workload->seeded) GTEST_SKIP() << "there are no inputs";
    const auto results_of = [](const Parameters& parameters, std::uint64_t with_seed) {
        const auto instance = prepare(parameters, with_seed);
        if (!instance) return std::vector<std::byte>();
        EXPECT_TRUE(instance->verify());
        const std::span<const std::byte> results = instance->results();
        return std::vector<std::byte>(results.begin(), results.end());
    };
    for (const Parameters& parameters : all_parameters()) {
        SCOPED_TRACE(name_of(parameters));
        const std::vector<std::byte> first = results_of(parameters, seed);
        if (first.empty()) continue;
        EXPECT_EQ(first, results_of(parameters, seed));
        EXPECT_NE(first, results_of(parameters, seed + 1));
    }
}

class DeviceContract : public WorkloadContract {};

TEST_P(DeviceContract, SaysWhatItIsAndHasTimesOfItsOwn) {
    const auto instance = prepare(all_parameters().front());
    if (!instance) GTEST_SKIP() << "unsupported here";
    EXPECT_EQ(instance->is_simulated(), !on_card());
    EXPECT_EQ(instance->device().find("simulated") != std::string::npos, !on_card()) << instance->device();
    const std::size_t columns = instance->device_columns().size();
    ASSERT_GE(columns, 1U);
    if (find_metric(*GetParam().workload, "device") != nullptr) {
        EXPECT_EQ(instance->device_columns().front(), "device_ns");
    }
    const WallClock now = instance->wall_clock();
    for (const std::int64_t iterations : {1, 3}) {
        ASSERT_TRUE(instance->before_sample());
        const std::int64_t begin = now();
        for (std::int64_t i = 0; i < iterations; ++i) instance->iterate();
        EXPECT_GT(now() - begin, 0);
        ASSERT_TRUE(instance->after_sample());
        std::vector<std::int64_t> values(columns, 0);
        ASSERT_TRUE(instance->measure_on_device(iterations, values));
        EXPECT_GT(values.front(), 0);
        for (const std::int64_t value : values) EXPECT_GE(value, 0);
    }
    ASSERT_TRUE(instance->fetch_results());
    EXPECT_TRUE(instance->check_results());
}

TEST_P(DeviceContract, HasNoLimitWhereItIsSimulatedAndOtherwiseDoesNotExceedIt) {
    const Workload& workload = *GetParam().workload;
    // A card at the catalogue's size, since small ones stay in its cache.
    const auto at_default_size = complete_parameters(workload, Form::cuda, GetParam().words);
    ASSERT_TRUE(at_default_size);
    const Parameters parameters = on_card() ? *at_default_size : all_parameters().front();
    const auto instance = prepare(parameters);
    if (!instance) GTEST_SKIP() << "unsupported here";
    ASSERT_TRUE(instance->verify());
    ASSERT_TRUE(instance->before_sample());
    const WallClock now = instance->wall_clock();
    const std::int64_t begin = now();
    instance->iterate();
    const auto spent_ns = static_cast<double>(now() - begin);
    ASSERT_TRUE(instance->after_sample());
    std::vector<std::int64_t> values(instance->device_columns().size(), 0);
    ASSERT_TRUE(instance->measure_on_device(1, values));  // the limit of fma is computed from the clock of this
    const auto limit = instance->limit();
    ASSERT_TRUE(limit);
    if (!*limit) return;
    SCOPED_TRACE((*limit)->formula);
    if ((*limit)->kind == LimitKind::none) {
        EXPECT_TRUE((*limit)->formula.starts_with("no limit: "));
        return;
    }
    EXPECT_TRUE(on_card());
    constexpr double ns_a_second = 1e9;
    const Work work = workload.work(parameters);
    const std::int64_t of_one = (*limit)->metric == "flops" ? work.flops : work.bytes;
    EXPECT_LE(static_cast<double>(of_one * instance->ops()) / spent_ns * ns_a_second, (*limit)->value);
}

class CpuContract : public WorkloadContract {};

TEST_P(CpuContract, ReportsThreadsAndInstructionSet) {
    for (const Parameters& parameters : all_parameters()) {
        SCOPED_TRACE(name_of(parameters));
        const auto instance = prepare(parameters);
        if (!instance) continue;
        EXPECT_GE(instance->ops(), 1);
        EXPECT_FALSE(instance->isa().empty());
        const auto threads = parameters.find("threads");
        if (threads != parameters.end()) {
            EXPECT_EQ(instance->threads(),
                      threads->second == Value("all") ? workers : std::get<std::int64_t>(threads->second));
        }
        const auto isa = parameters.find("isa");
        if (isa == parameters.end()) continue;
        if (const auto& wanted = std::get<std::string>(isa->second); wanted != "best") {
            EXPECT_EQ(instance->isa(), wanted);
        } else if (instance->isa() != "libc") {
            EXPECT_TRUE(choose_isa(instance->isa(), detect_cpu(), Isa::sse2)) << instance->isa();
        }
    }
}

std::string test_name(const testing::TestParamInfo<ContractCase>& what) { return what.param.name; }

std::vector<ContractCase> cases_of(Form form) {
    std::vector<ContractCase> cases = contract_cases();
    std::erase_if(cases, [form](const ContractCase& what) { return what.form != form; });
    return cases;
}

INSTANTIATE_TEST_SUITE_P(Forms, WorkloadContract, testing::ValuesIn(contract_cases()), test_name);
INSTANTIATE_TEST_SUITE_P(Cpu, CpuContract, testing::ValuesIn(cases_of(Form::cpu)), test_name);
INSTANTIATE_TEST_SUITE_P(Cuda, DeviceContract, testing::ValuesIn(cases_of(Form::cuda)), test_name);

TEST(WorkloadForms, AreExactlyWhatTheCatalogueNames) {
    std::set<std::pair<std::string, Form>> named;
    for (const Workload& workload : workloads()) {
        for (const Form form : workload.forms) named.emplace(workload.name, form);
    }
    std::set<std::pair<std::string, Form>> bound;
    for (const WorkloadForm& form : workload_forms()) bound.emplace(form.workload, form.form);
    EXPECT_EQ(named, bound);
    EXPECT_EQ(workload_forms().size(), bound.size());
    EXPECT_EQ(find_workload_form("no such workload", Form::cpu), nullptr);
}

/// A case that every machine of the tests could run, and that is unsupported nevertheless, would never be tested.
TEST(WorkloadForms, TheseAloneAreUnsupportedHere) {
    std::set<std::string> expected = {
        // NVIDIA's library does not run on the stand-in.
        "gemm_cuda_f32_library",        "gemm_cuda_tf32_library",       "gemm_cuda_f16_library",
        "gemm_cuda_bf16_library",       "gemm_cuda_int8_library",       "gemm_batched_cuda_library",
        "fft_cuda_1d_library_included", "fft_cuda_1d_library_excluded", "fft_cuda_2d_library_included",
        "fft_cuda_2d_library_excluded",
        "gemm_cpu_int8_openblas",  // which multiplies floating-point numbers alone
    };
    // What the set-up could not fetch is missing; what it did fetch has to load.
    if (!std::filesystem::exists(PASSBENCH_GUEST_LIBRARIES)) {
        expected.insert({"fft_cpu_1d", "fft_cpu_2d"});
        for (const ContractCase& what : contract_cases()) {
            if (what.words.contains("library")) expected.insert(what.name);
        }
    }
    std::set<std::string> found;
    for (const ContractCase& what : contract_cases()) {
        const auto parameters = WorkloadContract::all_parameters_of(what);
        const bool supported = std::ranges::any_of(parameters, [&](const Parameters& each) {
            const auto instance =
                find_workload_form(what.workload->name, what.form)->prepare(each, context_of(shared_pool(), seed));
            return instance || instance.error().code != ErrorCode::unsupported;
        });
        if (!supported) found.insert(what.name);
    }
    if (on_card()) GTEST_SKIP() << "depends on the card";
    EXPECT_EQ(found, expected);
}

TEST(WorkloadForms, CanBePreparedWithTheDefaultsAndEveryWordOfTheCatalogue) {
    for (const WorkloadForm& form : workload_forms()) {
        const Workload& workload = *find_workload(form.workload);
        for (const Parameter& parameter : workload.parameters) {
            for (const std::string_view word : parameter.words) {
                Parameters given = {{std::string(parameter.name), std::string(word)}};
                for (const Parameter& other : workload.parameters) {
                    if (!other.tested.empty()) given.emplace(other.name, other.tested.front());
                }
                const auto complete = complete_parameters(workload, form.form, given);
                ASSERT_TRUE(complete) << complete.error().what;
                const auto instance = form.prepare(*complete, context_of(shared_pool(), seed));
                const bool skipped = !instance && instance.error().code == ErrorCode::unsupported;
                EXPECT_TRUE(skipped || (instance && (*instance)->verify()))
                    << case_name(workload.name, form.form, *complete);
            }
        }
    }
}

TEST(WorkloadForms, MoreThreadsThanCpusAreUnsupportedInClearWords) {
    const auto complete = complete_parameters(*find_workload("stream"), Form::cpu,
                                              {{"threads", std::int64_t{1000}}, {"bytes", std::int64_t{4096}}});
    const auto instance = find_workload_form("stream", Form::cpu)->prepare(*complete, context_of(shared_pool(), seed));
    ASSERT_FALSE(instance);
    EXPECT_EQ(instance.error().code, ErrorCode::unsupported);
    EXPECT_EQ(instance.error().what, "threads = 1000 are asked for, but this trial may use 3 CPUs");
}

TEST(WorkloadForms, DispatchOnOneCpuIsUnsupportedInClearWords) {
    ThreadPool alone({usable_cpus().front()});
    const auto instance =
        find_workload_form("dispatch", Form::cpu)->prepare({{"wait", "spin"}}, context_of(alone, seed));
    ASSERT_FALSE(instance);
    EXPECT_EQ(instance.error().code, ErrorCode::unsupported);
    EXPECT_EQ(instance.error().what, "dispatch needs two CPUs, and this trial may use one");
}

TEST(WorkloadForms, DuplexOnOneCpuIsUnsupportedInClearWords) {
    ThreadPool alone({usable_cpus().front()});
    const auto complete = complete_parameters(*find_workload("duplex"), Form::cpu, {{"bytes", std::int64_t{4096}}});
    const auto instance = find_workload_form("duplex", Form::cpu)->prepare(*complete, context_of(alone, seed));
    ASSERT_FALSE(instance);
    EXPECT_EQ(instance.error().code, ErrorCode::unsupported);
    EXPECT_EQ(instance.error().what, "duplex needs two CPUs, and this trial may use one");
}

// Under WSL2 and GPU-PV: how much can be pinned is told by trying alone.
TEST(WorkloadForms, MorePinnedMemoryThanTheSystemLetsIsUnsupportedWithWhatItLets) {
    if (on_card()) GTEST_SKIP() << "the limit is planted in the stand-in";
    const FaultPlan fault("pinned_limit = 600000\n");
    for (const auto& [workload, given] :
         std::initializer_list<std::pair<const char*, Parameters>>{{"copy", {{"host", "pinned"}}},
                                                                   {"copy", {{"host", "write-combined"}}},
                                                                   {"copy", {{"host", "mapped"}, {"by", "kernel"}}},
                                                                   {"duplex", {}},
                                                                   {"host-chase", {}},
                                                                   {"host-read", {}}}) {
        Parameters sized = given;
        sized["bytes"] = std::int64_t{1} << 20;
        const auto complete = complete_parameters(*find_workload(workload), Form::cuda, sized);
        ASSERT_TRUE(complete);
        const auto instance =
            find_workload_form(workload, Form::cuda)->prepare(*complete, context_of(shared_pool(), seed));
        ASSERT_FALSE(instance) << workload;
        EXPECT_EQ(instance.error().code, ErrorCode::unsupported);
        EXPECT_EQ(instance.error().finding, "gpu.pinned_limit");
        EXPECT_NE(instance.error().what.find("pinning 1 MiB of host memory failed"), std::string::npos);
        // To a sixteenth of what was asked for.
        EXPECT_NE(instance.error().what.find("about 576 KiB can be pinned at once"), std::string::npos)
            << instance.error().what;
    }
}

TEST(WorkloadForms, EventOnOneCpuIsUnsupportedInClearWords) {
    ThreadPool alone({usable_cpus().front()});
    const auto instance =
        find_workload_form("event", Form::cpu)->prepare({{"method", "futex"}}, context_of(alone, seed));
    ASSERT_FALSE(instance);
    EXPECT_EQ(instance.error().code, ErrorCode::unsupported);
    EXPECT_EQ(instance.error().what, "event needs two CPUs, and this trial may use one");
}

TEST(Stream, ADotProductThatMissesItsLastElementIsCaught) {
    constexpr std::int64_t bytes = 4096 + 8;
    const auto complete = complete_parameters(*find_workload("stream"), Form::cpu, {{"op", "dot"}, {"bytes", bytes}});
    const auto instance = find_workload_form("stream", Form::cpu)->prepare(*complete, context_of(shared_pool(), seed));
    ASSERT_TRUE(instance);
    ASSERT_TRUE((*instance)->verify());
    const StreamInputs inputs(seed);
    const std::size_t last = static_cast<std::size_t>(bytes) / sizeof(double) - 1;
    double dot = 0;
    std::memcpy(&dot, (*instance)->results().data(), sizeof(dot));
    dot -= static_cast<double>(inputs.x(last) * inputs.y(last));
    std::memcpy((*instance)->results().data(), &dot, sizeof(dot));
    EXPECT_FALSE((*instance)->check_results());
}

}  // namespace
}  // namespace passbench
