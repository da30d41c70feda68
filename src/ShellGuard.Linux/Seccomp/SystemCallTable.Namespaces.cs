using System.Collections.Immutable;
using ShellGuard.Linux.Abi;
using static ShellGuard.Linux.Abi.SystemCall;

namespace ShellGuard.Linux.Seccomp;

/// <content>Namespaces, mounts and roots: what the walls of the cell are made of.</content>
public sealed partial class SystemCallTable
{
    /// <summary>The namespaces that clone(2) makes. CLONE_NEWTIME is not among them: its bit belongs to the exit
    /// signal there.</summary>
    private const CLONE NewNamespaces = CLONE.NEWNS | CLONE.NEWCGROUP | CLONE.NEWUTS | CLONE.NEWIPC | CLONE.NEWUSER
        | CLONE.NEWPID | CLONE.NEWNET;

    private static void AddNamespaces(SystemCallTableBuilder lines, FilterOptions options)
    {
        lines.DenySilently(
            Errno.ENOSYS,
            "its flags are behind a pointer, where no filter sees them; C libraries fall back to clone",
            clone3);
        lines.Pass(
            Holder.View,
            "what /proc/self/mountinfo says; other mount namespaces need CAP_SYS_ADMIN over them",
            statmount,
            listmount);

        if (options.AllowUserNamespaces)
        {
            const string Granted = "granted: in user namespaces made inside the cell, over mounts that stay locked";
            lines.Pass(
                Holder.UserNamespace,
                Granted,
                clone,
                unshare,
                setns,
                chroot,
                pivot_root,
                mount,
                umount2,
                open_tree,
                open_tree_attr,
                move_mount,
                fsopen,
                fsconfig,
                fsmount,
                fspick,
                mount_setattr,
                sethostname,
                setdomainname);
            return;
        }

        // clone reads the low half of its flags, unshare all; every flag that matters is in the low half.
        lines.Partly(
            clone,
            FilterOutcome.Pass,
            Holder.Limits,
            "processes and threads of the cell; the process limit bounds them and they keep the filter",
            [
                new ArgumentRule(
                    FilterOutcome.Deny(Errno.EPERM),
                    "new namespaces; a grant allows them inside the cell",
                    [ArgumentTest.HasAny(0, (uint)NewNamespaces)]),
                .. options.Apart ? [OneTableAProcess] : ImmutableArray<ArgumentRule>.Empty,
                .. When(options.Apart, Errno.EINVAL, NumberedPidFd, ArgumentTest.HasAny(0, (uint)CLONE.PIDFD)),
            ]);
        lines.Partly(
            unshare,
            FilterOutcome.Pass,
            Holder.OwnProcess,
            "parts with descriptors or the working directory that threads share",
            new ArgumentRule(
                FilterOutcome.Deny(Errno.EPERM),
                "new namespaces; a grant allows them inside the cell",
                [ArgumentTest.HasAny(0, (uint)(NewNamespaces | CLONE.NEWTIME))]));
        lines.Deny(Errno.EPERM, "enters another namespace", setns);
        lines.Deny(Errno.EPERM, "another root, by which programs and libraries can be exchanged", chroot, pivot_root);
        lines.Deny(
            Errno.EPERM,
            "changes the view",
            mount,
            umount2,
            open_tree,
            open_tree_attr,
            move_mount,
            fsopen,
            fsconfig,
            fsmount,
            fspick,
            mount_setattr);
        lines.Deny(Errno.EPERM, "the cell's names are set at its start", sethostname, setdomainname);
    }
}
