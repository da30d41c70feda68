using System.Buffers.Binary;
using ShellGuard.Cells.Launching;
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
    /// <summary>Bytes of output that are kept; more is not compared.</summary>
    public const int MaxOutput = 64 * 1024 * 1024;

    /// <summary>Above the numbers that the command gets.</summary>
    private const int Above = 10;

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
                : new TrialResult(exit.Status, Content(output, out bool isWhole), isWhole, Content(errors, out _));
        }
    }

    /// <summary>Whether a path is a file of the copy of the host that a trial may run in, and not the host's own.</summary>
    public static bool CopyHas(string path) => HostCopy.Has(path);

    private static LaunchScript Build(TrialRequest request, int input, int output, int errors, int program)
    {
        LaunchScript script = new();
        LaunchSteps.AddEnd(script);
        LaunchSlot executable = LaunchSteps.OutOfTheWay(script, "program", program, Above);
        LaunchSlot first = LaunchSteps.OutOfTheWay(script, "input", input, Above);
        LaunchSlot second = LaunchSteps.OutOfTheWay(script, "output", output, Above);
        LaunchSlot third = LaunchSteps.OutOfTheWay(script, "errors", errors, Above);
        script.Add("nothing to read", SystemCall.dup2, first, 0);
        script.Add("its output is compared", SystemCall.dup2, second, 1);
        script.Add("its errors are shown", SystemCall.dup2, third, 2);
        LaunchSteps.AddClosing(script, 3);
        if (request.Copy is { } copy)
        {
            HostCopy.Add(script, copy.Stage, copy.Kept, Environment.CurrentDirectory, request.User, request.Entries);
        }

        if (request.User is { } user)
        {
            if (request.Capabilities.Count > 0)
            {
                script.Add("capabilities outlive root", SystemCall.prctl, Named(8, "PR_SET_KEEPCAPS"), 1, 0, 0, 0);
            }

            LaunchSteps.AddUser(script, user, [.. Accounts.GroupsOf(user), .. request.Groups]);
            if (request.Capabilities.Count > 0)
            {
                AddCapabilities(script, request.Capabilities);
            }
        }

        LaunchSteps.AddSignals(script);
        script.Add(
            "the program", SystemCall.execveat, executable, "", new TextArray(request.Arguments), new TextArray(request.Environment),
            Named(0x1000, "AT_EMPTY_PATH"));
        return script;
    }

    /// <summary>Just these, as ambient ones, which every program that is executed keeps; capabilities(7).</summary>
    private static void AddCapabilities(LaunchScript script, IReadOnlyList<int> capabilities)
    {
        const uint version = 0x20080522;
        ulong set = 0;
        foreach (int capability in capabilities)
        {
            set |= 1UL << capability;
        }

        // struct __user_cap_data_struct twice, for each half of the set: effective, permitted, inheritable; capset(2).
        uint low = (uint)set, high = (uint)(set >> 32);
        byte[] sets = new byte[6 * sizeof(uint)];
        for (int word = 0; word < 6; word++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(sets.AsSpan(word * sizeof(uint)), word < 3 ? low : high);
        }

        script.Add("only these capabilities", SystemCall.capset, Structures.Numbers("{_LINUX_CAPABILITY_VERSION_3, 0}", version), new Block(sets, [], "[sets]"));
        foreach (int capability in capabilities)
        {
            script.Add(
                "which programs keep", SystemCall.prctl, Named(47, "PR_CAP_AMBIENT"), Named(2, "PR_CAP_AMBIENT_RAISE"),
                Named(capability, CapabilityNames.All[capability]), 0, 0);
        }
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

    private static byte[] Content(Descriptor file, out bool isWhole)
    {
        Refuse(Files.Status(file, out FileStatus status), "the output");
        isWhole = status.Size <= MaxOutput;
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
