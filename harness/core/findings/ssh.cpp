// Findings about a machine that is reached by ssh, and the client that reaches it.
#include "harness/core/findings/rooms.hpp"

namespace passbench {

std::vector<Finding> ssh_findings() {
    return {
        {"ssh.connection_lost", "The connection to the guest broke while a command ran there.",
         "See that the guest still runs and its network stays up, then resume the run; what ran there has been ended."},
        {"ssh.host_key_changed", "The machine shows another host key than the one that is known for it.",
         "Find out why: it may be another machine. Where it was set up anew, remove the old key (ssh-keygen -R "
         "ADDRESS) and "
         "write the new one into the file of known hosts."},
        {"ssh.key_file", "The private key cannot be used: others may read it, or it is no key.",
         "Allow it to you alone (chmod 600), and see that `identity` names the private key; one with a passphrase has "
         "to be "
         "in the key agent (ssh-add)."},
        {"ssh.no_client", "There is no OpenSSH client on this machine.",
         "Install openssh-client, or put the folder of its program `ssh` on PATH."},
        {"ssh.no_commands", "The machine let us in, and its login did not run the command.",
         "Try `ssh ADDRESS true` by hand; the user needs a login shell that takes POSIX quoting and runs what it is "
         "given."},
        {"ssh.not_written", "The guest cannot keep what is brought to it.",
         "Make room on that disk of the guest, or name another folder with `store` in the lab file."},
        {"ssh.old_client", "The OpenSSH client on this machine does not know an option that it is started with.",
         "Install a client of OpenSSH 7.6 or later."},
        {"ssh.other_content", "A file had another content in the guest than here.",
         "Try again; where it happens again, suspect the guest's disk and memory."},
        {"ssh.refused_key", "The machine does not take the key that it is offered.",
         "Write the public key into ~/.ssh/authorized_keys of that user in the guest, and see `user` and `identity` in "
         "the lab "
         "file; passwords are never asked for."},
        {"ssh.unknown_host_key",
         "The machine's host key is not known, so that nobody can say that it is the right one.",
         "Log in once by hand (ssh ADDRESS), compare the fingerprint with the one that the machine shows at its "
         "console "
         "(ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), and accept it; or write the key into the file that "
         "`known_hosts` "
         "in the lab file names."},
        {"ssh.unreachable", "Nobody answers as an SSH server at that address and port.",
         "See that the machine runs, that its address and port are those of the lab file, and that sshd runs there and "
         "no "
         "firewall stands between."},
    };
}

}  // namespace passbench
