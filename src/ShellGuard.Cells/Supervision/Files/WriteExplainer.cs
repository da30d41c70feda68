using ShellGuard.Cells.Layers;
using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Supervision.Network;
using ShellGuard.Cells.View;
using ShellGuard.Core;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cells.Supervision.Files;

/// <summary>Says why a file cannot be written, and has kept what a file was that will be. It decides nothing: the view
/// has decided already, and the kernel gives the error; what is read from the caller's memory here only makes the
/// sentence.</summary>
internal sealed class WriteExplainer(ViewPlan view, CellIdentity identity, BaseKeeper bases, IAccessSink sink)
{
    private const int PathMax = 4096;
    private const int AT_FDCWD = -100;
    private const ulong Writes = (ulong)(O.ACCMODE | O.TRUNC);

    /// <summary>Records a denial when the call is about to fail for a rule of the policy.</summary>
    public void Explain(in Notification call)
    {
        switch (call.Call)
        {
            case SystemCall.creat:
            case SystemCall.truncate:
                Check(call, Operation.Write, AT_FDCWD, call.A0, Effect.Content);
                break;
            case SystemCall.open:
                Check(call, Operation.Write, AT_FDCWD, call.A0, (call.A1 & Writes) != 0 ? Effect.Content : Effect.Creation);
                break;
            case SystemCall.openat:
                Check(call, Operation.Write, (int)call.A0, call.A1, (call.A2 & Writes) != 0 ? Effect.Content : Effect.Creation);
                break;
            case SystemCall.mkdir:
            case SystemCall.mknod:
                Check(call, Operation.Create, AT_FDCWD, call.A0, Effect.Name);
                break;
            case SystemCall.mkdirat:
            case SystemCall.mknodat:
                Check(call, Operation.Create, (int)call.A0, call.A1, Effect.Name);
                break;
            case SystemCall.symlink:
            case SystemCall.link:
                Check(call, Operation.Create, AT_FDCWD, call.A1, Effect.Name);
                break;
            case SystemCall.symlinkat:
                Check(call, Operation.Create, (int)call.A1, call.A2, Effect.Name);
                break;
            case SystemCall.linkat:
                Check(call, Operation.Create, (int)call.A2, call.A3, Effect.Name);
                break;
            case SystemCall.unlink:
            case SystemCall.rmdir:
                Check(call, Operation.Delete, AT_FDCWD, call.A0, Effect.Name);
                break;
            case SystemCall.unlinkat:
                Check(call, Operation.Delete, (int)call.A0, call.A1, Effect.Name);
                break;
            case SystemCall.rename:
                Check(call, Operation.Rename, AT_FDCWD, call.A0, Effect.Copy);
                Check(call, Operation.Rename, AT_FDCWD, call.A1, Effect.Replacement);
                break;
            case SystemCall.renameat:
            case SystemCall.renameat2:
                Check(call, Operation.Rename, (int)call.A0, call.A1, Effect.Copy);
                Check(call, Operation.Rename, (int)call.A2, call.A3, Effect.Replacement);
                break;
            default:
                break;
        }
    }

    private void Check(in Notification call, Operation operation, int directory, ulong address, Effect effect)
    {
        if (RemoteText.Read(call.ThreadId, address, PathMax, out byte[] path).Failed || path.Length == 0)
        {
            return;
        }

        if (path.AsSpan().StartsWith("/proc/"u8) && CallerPath.Textual(call.ThreadId, directory, path) is { } text
            && !LeadsOutOfProc(text) && view.ProtectionOf(text) is { Path: "/proc" } proc)
        {
            // What /proc/self is, only the caller's own lookup tells.
            Deny(call, operation, text, proc.Rule, "read-only behind a wall", "a session without walls");
            return;
        }

        bool follow = effect is Effect.Content or Effect.Creation;
        string? real = (follow ? CallerPath.Of(call.ThreadId, directory, path) : null)
            ?? CallerPath.OfEntry(call.ThreadId, directory, path);
        if (real is null)
        {
            return;
        }

        if (view.ProtectionOf(real) is { } protection)
        {
            if (!protection.IsHidden && Linux.Calls.Files.MayWrite(real, Paths.Parent(real)))
            {
                string wayOn = Paths.Parent(real) is "/" ? $"--cow {real}" : $"--cow {Paths.Parent(real)}";
                Deny(call, operation, real, protection.Rule, "read-only in this cell", wayOn);
            }
        }
        else if (bases.LayerOf(real) is { } layer && real != layer.Target)
        {
            Change(call, operation, layer, real, effect);
        }
    }

    /// <summary>Whether a path beneath /proc goes by one of a process's links to what it has, proc_pid_fd(5).</summary>
    private static bool LeadsOutOfProc(string path)
    {
        // /proc/PID/fd/3, /proc/PID/task/TID/root/tmp
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        int at = parts is [_, _, "task", ..] ? 4 : 2;
        return parts.Length > at && parts[at] is "fd" or "cwd" or "root" or "exe" or "map_files";
    }

    private void Change(in Notification call, Operation operation, LayerPlan layer, string real, Effect effect)
    {
        if (effect is Effect.Content or Effect.Replacement)
        {
            bases.Note(layer, real);
        }

        if (effect == Effect.Creation && Linux.Calls.Files.Status(SessionPath.Root, real, out _).Succeeded)
        {
            return;
        }

        // Where the user could not write outside either, that is the reason, and the kernel says it.
        if (CopyUpObstacle.Find(identity, layer, real, effect is Effect.Content or Effect.Copy) is { } obstacle
            && Linux.Calls.Files.MayWrite(effect == Effect.Content ? real : Paths.Parent(real), Paths.Parent(real)))
        {
            string whose = obstacle.Status.Owner != identity.Uid
                ? $"user {obstacle.Status.Owner}"
                : $"group {obstacle.Status.Group}";
            Deny(
                call, operation, real, NetworkRecorder.BuiltIn("an ordinary user's cell has one user and one group"),
                $"{(obstacle.Path == real ? "it" : obstacle.Path)} belongs to {whose}, which the layer cannot keep (overlayfs: EOVERFLOW)",
                $"--direct {Paths.Parent(real)}");
        }
    }

    private void Deny(
        in Notification call, Operation operation, string target, RuleSource rule, string reason, string wayOn) =>
        sink.Record(new Access(
            ProcessChain.Of(call.ThreadId), operation, target, Verdict.Deny(rule, reason, wayOn)));

    /// <summary>What a call does to what its path leads to.</summary>
    private enum Effect
    {
        /// <summary>Only the directory gets, loses or changes a name.</summary>
        Name,

        /// <summary>The file is made where it is missing; it is not changed where it is there.</summary>
        Creation,

        /// <summary>The file gets another content.</summary>
        Content,

        /// <summary>The file goes elsewhere.</summary>
        Copy,

        /// <summary>Another file takes its name.</summary>
        Replacement,
    }
}
