using System.Text;
using ShellGuard.Cells.Sessions;
using ShellGuard.Leash.Locating;
using ShellGuard.Leash.Sessions;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cli.Support;

/// <summary>Under which name this program was started: as <c>leash</c>, <c>l8ash</c> and <c>-leash</c> it is the leash and
/// nothing else, so that nobody gets at another verb through it.</summary>
internal static class CalledName
{
    /// <summary>Runs the leash where the name says so.</summary>
    /// <param name="arguments">Those behind the name.</param>
    /// <param name="status">For the caller; 0 where it was not run.</param>
    public static bool RunLeash(string[] arguments, out int status)
    {
        status = 0;
        string name = Name();
        if (!LeashArguments.IsLeash(name))
        {
            return false;
        }

        try
        {
            Cryptography.Require();
            status = LeashProgram.Run(LeashArguments.Parse(name, arguments), Invocation.Variables, Invocation.Version);
        }
        catch (LeashException refusal)
        {
            Terminal.Complain(refusal.Message);
            status = refusal.Status;
        }
        catch (SessionException failure)
        {
            Terminal.Complain(failure.Message);
            status = failure.Status;
        }
        catch (Exception failure)
        {
            Terminal.Complain($"failed inside, which should not happen: {failure.GetType().Name}: {failure.Message}");
            status = SessionException.OwnFailure;
        }

        return true;
    }

    /// <summary>argv[0], which the runtime does not hand on everywhere.</summary>
    private static string Name()
    {
        byte[] start = new byte[4096];
        LinuxResult read = ProcFile.Read("/proc/self/cmdline", start);
        int end = read.Failed ? -1 : start.AsSpan(0, (int)read.Value).IndexOf((byte)0);
        return end < 0 ? "" : Encoding.UTF8.GetString(start, 0, end);
    }
}
