using ShellGuard.Cells.Planning;
using ShellGuard.Cells.Supervision.Network;
using ShellGuard.Cells.View;
using ShellGuard.Core;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Seccomp;

namespace ShellGuard.Cells.Supervision.Files;

/// <summary>Says why a file cannot be written. It decides nothing: the view has decided already, and the kernel gives
/// the error; what is read from the caller's memory here only makes the sentence.</summary>
internal sealed class WriteExplainer(ViewPlan view, IAccessSink sink)
{
    private const int PathMax = 4096;
    private const int AT_FDCWD = -100;

    /// <summary>Records a denial when the call is about to fail for a rule of the policy.</summary>
    public void Explain(in Notification call)
    {
        switch (call.Call)
        {
            case SystemCall.open:
            case SystemCall.creat:
            case SystemCall.truncate:
                Check(call, Operation.Write, AT_FDCWD, call.A0, follow: true);
                break;
            case SystemCall.openat:
                Check(call, Operation.Write, (int)call.A0, call.A1, follow: true);
                break;
            case SystemCall.mkdir:
            case SystemCall.mknod:
                Check(call, Operation.Create, AT_FDCWD, call.A0, follow: false);
                break;
            case SystemCall.mkdirat:
            case SystemCall.mknodat:
                Check(call, Operation.Create, (int)call.A0, call.A1, follow: false);
                break;
            case SystemCall.symlink:
            case SystemCall.link:
                Check(call, Operation.Create, AT_FDCWD, call.A1, follow: false);
                break;
            case SystemCall.symlinkat:
                Check(call, Operation.Create, (int)call.A1, call.A2, follow: false);
                break;
            case SystemCall.linkat:
                Check(call, Operation.Create, (int)call.A2, call.A3, follow: false);
                break;
            case SystemCall.unlink:
            case SystemCall.rmdir:
                Check(call, Operation.Delete, AT_FDCWD, call.A0, follow: false);
                break;
            case SystemCall.unlinkat:
                Check(call, Operation.Delete, (int)call.A0, call.A1, follow: false);
                break;
            case SystemCall.rename:
                Check(call, Operation.Rename, AT_FDCWD, call.A0, follow: false);
                Check(call, Operation.Rename, AT_FDCWD, call.A1, follow: false);
                break;
            case SystemCall.renameat:
            case SystemCall.renameat2:
                Check(call, Operation.Rename, (int)call.A0, call.A1, follow: false);
                Check(call, Operation.Rename, (int)call.A2, call.A3, follow: false);
                break;
            default:
                break;
        }
    }

    private void Check(in Notification call, Operation operation, int directory, ulong address, bool follow)
    {
        if (RemoteText.Read(call.ThreadId, address, PathMax, out byte[] path).Failed || path.Length == 0)
        {
            return;
        }

        string? real = (follow ? CallerPath.Of(call.ThreadId, directory, path) : null)
            ?? CallerPath.OfEntry(call.ThreadId, directory, path);
        if (real is null || view.ProtectionOf(real) is not { IsHidden: false } protection
            || !Linux.Calls.Files.MayWrite(real, Paths.Parent(real)))
        {
            return;
        }

        string wayOn = Paths.Parent(real) is "/" ? $"--cow {real}" : $"--cow {Paths.Parent(real)}";
        sink.Record(new Access(
            ProcessChain.Of(call.ThreadId), operation, real,
            Verdict.Deny(protection.Rule, "read-only in this cell", wayOn)));
    }
}
