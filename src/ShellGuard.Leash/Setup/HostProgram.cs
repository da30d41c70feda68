using System.Text;
using ShellGuard.Cells.Launching;
using ShellGuard.Leash.Locating;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;
using ShellGuard.Linux.Terminals;
using static ShellGuard.Linux.Launch.LaunchArgument;

namespace ShellGuard.Leash.Setup;

/// <summary>Runs a program of the host that knows how something is done there: usermod(8) locks the user database, sshd(8)
/// reads its own configuration. Words only, no shell, an environment of two variables.</summary>
internal static class HostProgram
{
    private const int MaximumOutput = 1024 * 1024;
    private const int CLOSE_RANGE_CLOEXEC = 4;

    /// <summary>Runs it to its end.</summary>
    /// <param name="words">Its path and its arguments.</param>
    /// <param name="output">What it wrote, errors included.</param>
    /// <returns>Its status; 127 where it could not be started.</returns>
    public static int Run(IReadOnlyList<string> words, out string output)
    {
        output = "";
        DescriptorIo.Pipe(out Descriptor read, out Descriptor write).OrThrow();
        using Descriptor reading = read;
        ProcessExit exit;
        using (Launcher launcher = new(Script(words, write)))
        {
            LaunchOutcome outcome = launcher.Run();
            write.Dispose();
            if (outcome.Process is null)
            {
                throw new LeashException($"{words[0]} could not be started: {outcome.Error}", LeashException.OwnFailure);
            }

            using ChildProcess process = outcome.Process;
            output = ReadAll(reading);
            process.Wait(out exit).OrThrow();
            if (outcome.FailedStep is { } step)
            {
                throw new LeashException(
                    $"{words[0]} could not be started: {step.Call}: {outcome.Error}", LeashException.OwnFailure);
            }
        }

        return exit.Status;
    }

    private static LaunchScript Script(IReadOnlyList<string> words, Descriptor output)
    {
        LaunchScript script = new();
        LaunchSlot nothing = script.Get(
            "null", "it asks nobody", SystemCall.open, "/dev/null", Named((long)OpenFlags.CLOEXEC, "O_CLOEXEC"));
        script.Add("nothing to read", SystemCall.dup2, nothing, 0);
        script.Add("what it says", SystemCall.dup2, output.Number, 1);
        script.Add("and complains", SystemCall.dup2, output.Number, 2);
        script.Add(
            "nothing else is inherited", SystemCall.close_range, 3, Named(uint.MaxValue, "~0U"),
            Named(CLOSE_RANGE_CLOEXEC, "CLOSE_RANGE_CLOEXEC"));
        script.Add(
            "as a program expects it", SystemCall.rt_sigaction, Named(13, "SIGPIPE"),
            Structures.Numbers("SIG_DFL", 0, 0, 0, 0), Null, 8);
        script.Add(
            "signals reach it", SystemCall.rt_sigprocmask, Named(2, "SIG_SETMASK"), Structures.Numbers("[]", 0), Null, 8);
        script.Add(
            "the program", SystemCall.execve, words[0], new TextArray([.. words]),
            new TextArray(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]));
        return script;
    }

    private static string ReadAll(Descriptor output)
    {
        using MemoryStream all = new();
        byte[] buffer = new byte[4096];
        long count;
        while ((count = DescriptorIo.Read(output, buffer).OrThrow()) > 0)
        {
            if (all.Length < MaximumOutput)
            {
                all.Write(buffer, 0, (int)count);
            }
        }

        return Encoding.UTF8.GetString(all.ToArray());
    }
}
