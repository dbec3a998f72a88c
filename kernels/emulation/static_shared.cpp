#include "kernels/emulation/static_shared.hpp"

#include <algorithm>
#include <cstdlib>
#include <elf.h>
#include <fstream>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kernels/emulation/own_symbols.hpp"

namespace passbench::emulation {

namespace {

using Sizes = std::unordered_map<std::string, std::size_t>;

struct Symbols {
    std::vector<Elf64_Sym> entries;
    std::vector<char> names;

    [[nodiscard]] std::string_view name_of(const Elf64_Sym& entry) const {
        return entry.st_name < names.size() ? names.data() + entry.st_name : "";
    }
};

template <typename T>
std::vector<T> read(std::ifstream& file, std::size_t offset, std::size_t count) {
    std::vector<T> result(count);
    file.seekg(static_cast<std::streamoff>(offset));
    file.read(reinterpret_cast<char*>(result.data()), static_cast<std::streamsize>(count * sizeof(T)));
    return file ? result : std::vector<T>();
}

/// None where the library was stripped.
Symbols read_symbols(const char* path) {
    std::ifstream file(path, std::ios::binary);
    const auto header = read<Elf64_Ehdr>(file, 0, 1);
    if (header.empty()) return {};
    const auto sections = read<Elf64_Shdr>(file, header[0].e_shoff, header[0].e_shnum);
    const auto table = std::find_if(sections.begin(), sections.end(),
                                    [](const Elf64_Shdr& section) { return section.sh_type == SHT_SYMTAB; });
    if (table == sections.end() || table->sh_link >= sections.size()) return {};
    const Elf64_Shdr& names = sections[table->sh_link];
    return {.entries = read<Elf64_Sym>(file, table->sh_offset, table->sh_size / sizeof(Elf64_Sym)),
            .names = read<char>(file, names.sh_offset, names.sh_size)};
}

/// The kernel whose body (kernel.cuh) is, or is around, what has this mangled name: ...L26passbench_body_sgemm_16x16...
std::optional<std::string> kernel_in(std::string_view mangled) {
    constexpr std::string_view prefix = "passbench_body_";
    const std::size_t begin = mangled.find(prefix);
    if (begin == std::string_view::npos) return std::nullopt;
    std::size_t digits = begin;
    while (digits > 0 && mangled[digits - 1] >= '0' && mangled[digits - 1] <= '9') --digits;
    const std::string length(mangled.substr(digits, begin - digits));
    const std::size_t bytes = std::strtoull(length.c_str(), nullptr, 10);
    if (bytes <= prefix.size()) return std::nullopt;
    return std::string(mangled.substr(begin, bytes).substr(prefix.size()));
}

/// The symbols of one .cu follow the one that names the file.
Sizes sizes_of_file(const Symbols& symbols, std::vector<Elf64_Sym>::const_iterator first,
                    std::vector<Elf64_Sym>::const_iterator last) {
    Sizes sizes;
    std::size_t of_functions = 0;
    for (; first != last; ++first) {
        const bool shared = ELF64_ST_TYPE(first->st_info) == STT_TLS;
        if (const auto kernel = kernel_in(symbols.name_of(*first))) {
            sizes[*kernel] += shared ? first->st_size : 0;
        } else if (shared) {
            of_functions += first->st_size;
        }
    }
    for (auto& [kernel, bytes] : sizes) bytes += of_functions;
    return sizes;
}

Sizes sizes_of_library() {
    const Symbols symbols = read_symbols(own_file());
    const auto names_file = [](const Elf64_Sym& symbol) { return ELF64_ST_TYPE(symbol.st_info) == STT_FILE; };
    Sizes sizes;
    auto file = std::find_if(symbols.entries.begin(), symbols.entries.end(), names_file);
    while (file != symbols.entries.end()) {
        const auto next = std::find_if(file + 1, symbols.entries.end(), names_file);
        sizes.merge(sizes_of_file(symbols, file + 1, next));
        file = next;
    }
    return sizes;
}

}  // namespace

std::size_t static_shared_bytes_of(const std::string& kernel) {
    static const Sizes sizes = sizes_of_library();
    const auto found = sizes.find(kernel);
    return found == sizes.end() ? 0 : found->second;
}

}  // namespace passbench::emulation
