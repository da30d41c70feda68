using System.Buffers.Binary;
using ShellGuard.Cells.Sessions;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Cells.Verification;

/// <summary>Runs a command to its end with its output in files that have no name.</summary>
public static class Trial
{
    /// <summary>Bytes of output that are compared.</summary>
    public const int MaxOutput = 64 * 1024 * 1024;

    /// <summary>Above the numbers that the command gets.</summary>
    private const int Above = 10;

    private const int F_DUPFD_CLOEXEC = 1030;
    private const int CLOSE_RANGE_CLOEXEC = 4;

    private static readonly (int Number, string Name)[] Signals =
        [(1, "SIGHUP"), (2, "SIGINT"), (3, "SIGQUIT"), (13, "SIGPIPE"), (14, "SIGALRM"), (15, "SIGTERM"), (17, "SIGCHLD")];

    /// <exception cref="SessionException">It could not be started.</exception>
    public static TrialResult Run(TrialRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        using Descriptor output = Unnamed();
        using Descriptor errors = Unnamed();
        Refuse(Files.Open("/dev/null", OpenFlags.RDONLY | OpenFlags.CLOEXEC, out Descriptor input), "/dev/null");
        using Descriptor nothing = input;
        Refuse(Files.Open(request.Program, OpenFlags.PATH | OpenFlags.CLOEXEC, out Descriptor file), request.Program);
        using Descriptor program = file;
        using Launcher launcher = new(Build(request, nothing.Number, output.Number, errors.Number, program.Number));
        LaunchOutcome outcome = launcher.Run();
        if (outcome.Process is not { } process)
        {
            throw new SessionException($"no process could be made: {outcome.Error}");
        }

        using (process)
        {
            process.Wait(out ProcessExit exit).OrThrow();
            return outcome.FailedStep is { } step
                ? throw new SessionException($"{request.Arguments[0]} could not be started ({step.Purpose}): {outcome.Error}")
                : new TrialResult(exit.Status, Content(output), Content(errors));
        }
    }

    private static LaunchScript Build(TrialRequest request, int input, int output, int errors, int program)
    {
        LaunchScript script = new();
        script.Add("it ends with the verification", SystemCall.prctl, Named(1, "PR_SET_PDEATHSIG"), Named(9, "SIGKILL"), 0, 0, 0);
        LaunchSlot executable = script.Get(
            "program", "out of the way", SystemCall.fcntl, program, Named(F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC"), Above);
        LaunchSlot first = script.Get("input", "out of the way", SystemCall.fcntl, input, Named(F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC"), Above);
        LaunchSlot second = script.Get("output", "out of the way", SystemCall.fcntl, output, Named(F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC"), Above);
        LaunchSlot third = script.Get("errors", "out of the way", SystemCall.fcntl, errors, Named(F_DUPFD_CLOEXEC, "F_DUPFD_CLOEXEC"), Above);
        script.Add("nothing to read", SystemCall.dup2, first, 0);
        script.Add("its output is compared", SystemCall.dup2, second, 1);
        script.Add("its errors are shown", SystemCall.dup2, third, 2);
        script.Add(
            "nothing else is inherited", SystemCall.close_range, 3, Named(uint.MaxValue, "~0U"), Named(CLOSE_RANGE_CLOEXEC, "CLOSE_RANGE_CLOEXEC"));
        if (request.User is { } user)
        {
            IReadOnlyList<uint> groups = Accounts.GroupsOf(user);
            byte[] numbers = new byte[groups.Count * sizeof(uint)];
            for (int index = 0; index < groups.Count; index++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(numbers.AsSpan(index * sizeof(uint)), groups[index]);
            }

            script.Add("the user's groups", SystemCall.setgroups, groups.Count, new Block(numbers, [], "[groups]"));
            script.Add("the user's first group", SystemCall.setresgid, user.Gid, user.Gid, user.Gid);
            script.Add("the user", SystemCall.setresuid, user.Uid, user.Uid, user.Uid);
        }

        foreach ((int number, string name) in Signals)
        {
            script.Add(
                "as a program expects it", SystemCall.rt_sigaction, Named(number, name), new Block(new byte[32], [], "SIG_DFL"), Null, 8);
        }

        script.Add("signals reach it", SystemCall.rt_sigprocmask, Named(2, "SIG_SETMASK"), new Block(new byte[8], [], "[]"), Null, 8);
        script.Add(
            "the program", SystemCall.execveat, executable, "", new TextArray(request.Arguments), new TextArray(request.Environment),
            Named(0x1000, "AT_EMPTY_PATH"));
        return script;
    }

    private static Descriptor Unnamed()
    {
        Refuse(Files.Open("/var/tmp", OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.CLOEXEC, out Descriptor directory), "/var/tmp");
        using (directory)
        {
            Refuse(Files.OpenUnnamed(directory, out Descriptor file), "a file in /var/tmp");
            return file;
        }
    }

    private static byte[] Content(Descriptor file)
    {
        Refuse(Files.Status(file, out FileStatus status), "the output");
        byte[] content = new byte[Math.Min(status.Size, MaxOutput)];
        Refuse(FileContent.ReadFully(file, content, 0), "the output");
        return content;
    }

    private static void Refuse(LinuxResult result, string what)
    {
        if (result.Failed)
        {
            throw new SessionException($"{what}: {result}");
        }
    }
}
