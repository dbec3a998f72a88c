// The scripts that the ssh carrier runs in a guest, for its /bin/sh. What they work on comes as arguments and never becomes a part of
// their text; how they ended is their exit code, and nothing of what they print is read, but for a file stream (file_stream.hpp).
// They are one line each and hold nothing that shells other than POSIX ones take for something else between '...'.
#pragma once

#include <string_view>

namespace passbench::guest_script {

// Exit codes of all of them.
inline constexpr int not_there = 66;
inline constexpr int not_written = 67;  // with the system's words as its last line
inline constexpr int other_content = 68;
inline constexpr int not_read = 69;

/// STORE BEGIN1 BEGIN2 END1 END2: makes the folder of what is brought once, removes what killed controllers left there days ago, and
/// streams one file "store": its absolute path, what checks arrivals, and whether it has setsid.
inline constexpr std::string_view open_store =
    R"sh(umask 077; store=$1; case $store in /*) ;; "") store=${XDG_CACHE_HOME:-$HOME/.cache}/passbench ;; *) store=$HOME/$store ;; esac; )sh"
    R"sh(mkdir -p "$store/files" "$store/bundles" "$store/jobs" && cd "$store" || exit 67; )sh"
    R"sh(find jobs files bundles -mindepth 1 -maxdepth 1 "(" -path "jobs/*" -o -name "*.new" ")" -mtime +7 -exec rm -rf {} + 2>/dev/null; )sh"
    R"sh(check=size; command -v sha256sum >/dev/null 2>&1 && check=sha256sum; )sh"
    R"sh(session=none; command -v setsid >/dev/null 2>&1 && session=setsid; )sh"
    R"sh(answer=$(pwd -P; echo x); answer="${answer%?x} $check $session"; )sh"
    R"sh(printf "%s%s\n" "$2" "$3"; printf "%s store\0%s" "$(printf %s "$answer" | wc -c)" "$answer"; printf %s%s "$4" "$5")sh";

/// FOLDER BEGIN1 BEGIN2 END1 END2: streams the regular files of a folder.
inline constexpr std::string_view send_folder =
    R"sh(unset CDPATH; cd -- "$1" || exit 66; printf "%s%s\n" "$2" "$3"; )sh"
    R"sh(find . -type f -exec /bin/sh -c "$6" sh {} + || exit 69; printf %s%s "$4" "$5")sh";
/// The sixth argument of send_folder: one file after the other.
inline constexpr std::string_view send_files =
    R"sh(for file in "$@"; do size=$(wc -c <"$file") || exit 1; size=$((size)); printf "%s %s\0" "$size" "$file"; head -c "$size" "$file" || exit 1; done)sh";

/// TARGET MODE SHA256 SIZE: what comes in becomes a file, whole or not at all.
inline constexpr std::string_view take_file =
    R"sh(umask 077; new=$1.$$.new; trap "rm -f \"\$new\"" EXIT; mkdir -p "${1%/*}" || exit 67; [ -d "$1" ] && exit 67; cat >"$new" || exit 67; )sh"
    R"sh(if command -v sha256sum >/dev/null 2>&1; then sum=$(sha256sum <"$new") || exit 69; [ "${sum%% *}" = "$3" ] || exit 68; )sh"
    R"sh(else [ "$(wc -c <"$new")" -eq "$4" ] || exit 68; fi; )sh"
    R"sh(chmod "$2" "$new" && mv -f "$new" "$1" || exit 67)sh";

/// STORED SIZE: whether this content is there already.
inline constexpr std::string_view has_file = R"sh([ -f "$1" ] && [ "$(wc -c <"$1")" -eq "$2" ] || exit 66)sh";

/// FOLDER: whether it is there.
inline constexpr std::string_view has_folder = R"sh([ -d "$1" ] || exit 66)sh";

/// STORED TARGET MODE: a copy of stored content; a copy, for a job may write to it.
inline constexpr std::string_view place_file =
    R"sh(umask 077; new=$2.$$.new; trap "rm -f \"\$new\"" EXIT; mkdir -p "${2%/*}" || exit 67; [ -d "$2" ] && exit 67; )sh"
    R"sh(cp -- "$1" "$new" && chmod "$3" "$new" && mv -f "$new" "$2" || exit 67)sh";

/// FOLDER (STORED NAME)...: a folder of stored contents, whole or not at all.
inline constexpr std::string_view make_bundle =
    R"sh(umask 077; bundle=$1; shift; [ -d "$bundle" ] && exit 0; new=$bundle.$$.new; trap "rm -rf \"\$new\"" EXIT; )sh"
    R"sh(while [ $# -gt 0 ]; do to=$new/$2; mkdir -p "${to%/*}" && { ln -- "$1" "$to" 2>/dev/null || cp -- "$1" "$to"; } || exit 67; shift 2; done; )sh"
    R"sh([ -d "$bundle" ] || mv "$new" "$bundle" || exit 67)sh";

/// FOLDER: made, or made empty.
inline constexpr std::string_view make_empty = R"sh(umask 077; rm -rf -- "$1" && mkdir -p -- "$1" || exit 67)sh";
inline constexpr std::string_view remove = R"sh(rm -rf -- "$1" || exit 67)sh";

// What `run` leaves in STATUS beside exit codes, and `ask` answers with.
inline constexpr int ask_not_over = 90;
inline constexpr int ask_absent = 91;
inline constexpr int ask_folder = 92;
inline constexpr int ask_not_executable = 93;
inline constexpr int ask_timeout = 94;
inline constexpr int ask_abandoned = 95;
inline constexpr int ask_was_255 = 96;
inline constexpr int ask_other = 97;
inline constexpr int ask_other_machine = 98;
inline constexpr int ask_no_program = 99;

/// STATUS LIMIT ARGV...: runs ARGV in a session of its own with no input, and ends that session's process group when LIMIT seconds
/// ("" for none) are over, and when its own input ends, which it does where nobody waits any more. A file for
/// another processor, or none that can be run, is not started: setsid would hand it to a shell. Its exit code is ARGV's; 255, which
/// is ssh's own too, is explained by STATUS.
inline constexpr std::string_view run =
    R"sh(status=$1; limit=$2; shift 2; say() { printf %s "$1" >"$status.new" && mv -f "$status.new" "$status"; }; )sh"
    R"sh([ -e "$1" ] || { say absent; exit 255; }; [ -d "$1" ] && { say folder; exit 255; }; [ -x "$1" ] || { say denied; exit 255; }; )sh"
    R"sh(head() { echo $(od -An -v -tx1 -N20 "$1" 2>/dev/null); }; its=$(head "$1"); own=$(head /bin/sh); )sh"
    R"sh(case "$its" in ""|"23 21 "*) ;; "7f 45 4c 46 "*) [ "${its#"${its%?????}"}" = "${own#"${own%?????}"}" ] || { say machine; exit 255; } ;; )sh"
    R"sh(*) say nothing; exit 255 ;; esac; )sh"
    R"sh(exec 3<&0; setsid "$@" </dev/null 3<&- & job=$!; exec 2>/dev/null; )sh"
    R"sh(( trap "kill \$hold 2>/dev/null; exit 0" TERM; )sh"
    R"sh(if [ -n "$limit" ] && command -v timeout >/dev/null 2>&1; then timeout "$limit" cat <&3 & else cat <&3 & fi; hold=$!; wait $hold; )sh"
    R"sh(case $? in 0) why=abandoned ;; 124|143) why=timeout ;; *) exit 0 ;; esac; printf %s $why >"$status.why"; )sh"
    R"sh(kill -s TERM -- "-$job" || kill -s TERM "$job"; n=0; )sh"
    R"sh(while kill -s 0 -- "-$job" && [ $n -lt 20 ]; do sleep 0.1; n=$((n+1)); done; kill -s KILL -- "-$job" ) >/dev/null 2>&1 & watch=$!; )sh"
    R"sh(exec 3<&-; wait $job; code=$?; kill -s KILL -- "-$job" 2>/dev/null; kill $watch 2>/dev/null; )sh"
    R"sh(if [ -e "$status.why" ]; then say "$(cat "$status.why")"; exit 255; fi; say $code; exit $code)sh";

/// STATUS TENTHS: what became of a run, waiting for its end for some tenths of a second.
inline constexpr std::string_view ask =
    R"sh(n=0; until [ -e "$1" ] || [ $n -ge "$2" ]; do sleep 0.1; n=$((n+1)); done; [ -e "$1" ] || exit 90; )sh"
    R"sh(case $(cat "$1") in absent) exit 91 ;; folder) exit 92 ;; denied) exit 93 ;; timeout) exit 94 ;; abandoned) exit 95 ;; machine) exit 98 ;; nothing) exit 99 ;; 255) exit 96 ;; *) exit 97 ;; esac)sh";

}  // namespace passbench::guest_script
