using System.Text;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Terminals;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Cells.Hosting.Attacks;

internal static partial class AttackCatalog
{
    private const int TIOCSTI = 0x5412;
    private const int PR_GET_NO_NEW_PRIVS = 39;
    private const int PR_CAPBSET_READ = 23;
    private const int CAP_SYS_ADMIN = 21;

    private static IEnumerable<Attack> ProcessAttacks()
    {
        yield return new("outside-signal", "reach a process outside by its number", NotThere,
            targets => DirectCall.Run(SystemCall.kill, targets.OutsideProcess, 0));
        yield return new("outside-environ", "read its environment in /proc", NotThere,
            targets => Open($"/proc/{targets.OutsideProcess}/environ", OpenFlags.RDONLY));
        yield return Call("trace process 1", SystemCall.ptrace, Named(0x4206, "PTRACE_SEIZE"), 1, 0, 0);
        yield return Call("read another process's memory", SystemCall.process_vm_readv, 1, Null, 0, Null, 0, 0);
        yield return Call("write another process's memory", SystemCall.process_vm_writev, 1, Null, 0, Null, 0, 0);
        yield return new("process-1-memory", "open /proc/1/mem for writing", Refused,
            _ => Open("/proc/1/mem", OpenFlags.RDWR));
        yield return new("process-1-descriptor", "fetch a descriptor of process 1", Refused, _ =>
        {
            LinuxResult opened = DirectCall.Run(SystemCall.pidfd_open, 1, 0);
            if (opened.Failed)
            {
                return opened;
            }

            using Descriptor process = new((int)opened.Value);
            return DirectCall.Run(SystemCall.pidfd_getfd, process.Number, 0, 0);
        });
        yield return new("privileges", "gain privileges by a setuid program", "no_new_privs is set",
            _ => DirectCall.Run(SystemCall.prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) is { Value: 1 } set
                ? set with { Error = Errno.EPERM }
                : default);
        yield return new("capabilities", "get CAP_SYS_ADMIN", "not in the bounding set",
            _ => DirectCall.Run(SystemCall.prctl, PR_CAPBSET_READ, CAP_SYS_ADMIN, 0, 0, 0) is { Value: 0 } set
                ? set with { Error = Errno.EPERM }
                : default);
        yield return new("priority", "take precedence over the host's processes", Refused,
            _ => DirectCall.Run(SystemCall.setpriority, 0, 0, -20));
        yield return new("type-ahead", "put characters into a terminal's input (TIOCSTI)", Refused,
            _ => With(
                Files.Open("/dev/ptmx", OpenFlags.RDWR | OpenFlags.NOCTTY, out Descriptor terminal), terminal,
                open => DirectCall.Run(SystemCall.ioctl, open.Number, Named(TIOCSTI, "TIOCSTI"), "x")));
        yield return new("kernel-keys", "read the user's key ring", Refused,
            _ => DirectCall.Run(SystemCall.keyctl, 0, -4, 0, 0, 0));
        yield return new("inherited", "use a descriptor left open by the supervisor", NotThere, _ => Inherited());
    }

    /// <summary>A socket that is not of the cell's own network came from outside, as did the supervisor's files. The
    /// three standard descriptors are handed over on purpose, and the runtime duplicates them.</summary>
    private static LinuxResult Inherited()
    {
        const int SOL_SOCKET = 1;
        const int SO_NETNS_COOKIE = 71;
        Sockets.Create(1, 1, 0, out Descriptor here);
        using Descriptor own = here;
        Sockets.GetOption(own, SOL_SOCKET, SO_NETNS_COOKIE, out ulong cell);
        List<int> numbers = [];
        ProcFile.ReadDescriptorNumbers(Environment.ProcessId, 4096, numbers);
        string[] handed = [Target(0), Target(1), Target(2)];
        foreach (int number in numbers.Where(number => number > 2))
        {
            string target = Target(number);
            if (handed.Contains(target))
            {
                continue;
            }

            bool outside = target.Contains("shellguard-init", StringComparison.Ordinal)
                || target.Contains("journal", StringComparison.Ordinal)
                || target.Contains("seccomp", StringComparison.Ordinal);
            if (target.StartsWith("socket:", StringComparison.Ordinal)
                && DescriptorIo.Duplicate(number, out Descriptor socket).Succeeded)
            {
                using (socket)
                {
                    Sockets.GetOption(socket, SOL_SOCKET, SO_NETNS_COOKIE, out ulong network);
                    outside = network != cell;
                }
            }

            if (outside)
            {
                return new LinuxResult(number, Errno.None, SystemCall.readlinkat, target);
            }
        }

        return new LinuxResult(-1, Errno.ENOENT, SystemCall.readlinkat);
    }

    private static string Target(int descriptor) =>
        Encoding.UTF8.GetString(ProcFile.ReadLink($"/proc/self/fd/{descriptor}") ?? []);
}
