using ShellGuard.Cells.Sessions;
using ShellGuard.Cells.Supervision;
using ShellGuard.Cells.Walls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Terminals;
using ShellGuard.Policy.Evaluation;

namespace ShellGuard.Cells.Gates;

/// <summary>Takes everything that comes in and waits until people let exactly these bytes out, or not.</summary>
/// <param name="desk">Where they are asked.</param>
/// <param name="from">The cells that the bytes come from, for people.</param>
/// <param name="reason">What who asks has to say.</param>
/// <param name="says">Tells who asks, and nobody about the bytes.</param>
internal sealed class ApprovalRun(
    SessionContext session, FlowKeeper flow, SessionRecorder recorder, GatePlace place, Descriptor input, Descriptor? output,
    ApprovalDesk desk, string from, string reason, Action<string> says)
    : GateRun(session, flow, recorder, place, input, output)
{
    private PendingApproval? _pending;

    public override void Cancel()
    {
        base.Cancel();
        Volatile.Read(ref _pending)?.Withdraw();
    }

    protected override byte[]? Collect(out string problem)
    {
        if (ReadAll(out problem) is not { } content)
        {
            return null;
        }

        using PendingApproval pending = new(Gate, Session.Request.User, content, from, reason, TimeProvider.System);
        Volatile.Write(ref _pending, pending);
        if (IsCancelled || !desk.Add(pending, out problem!))
        {
            return null;
        }

        string who = Gate.Approval!.SecondPerson
            ? $"two of {string.Join(", ", Gate.Approval.Approvers)}"
            : string.Join(" or ", Gate.Approval.Approvers);
        says($"gate {Gate.Gate.Name} waits for {who}: shellguard approvals approve {pending.Id}, "
            + $"in another terminal within {ValueText.Write(Gate.Approval.Expires)}");
        ApprovalAnswer answer = desk.WaitFor(pending);
        Volatile.Write(ref _pending, null);
        problem = answer.Problem ?? "";
        return answer.Problem is null ? content : null;
    }

    /// <summary>One bit at least: that something was approved says something.</summary>
    protected override long CostOf(byte[] passing) => passing.Length * 8L;

    /// <summary>An approval holds once.</summary>
    protected override long LeftLater() => 0;

    protected override string Told(long bytes, long bits, long left) => $"gate {Gate.Gate.Name}: {Number(bytes)} bytes passed";

    private byte[]? ReadAll(out string problem)
    {
        int most = Gate.Approval!.MaximumBytes;
        byte[] buffer = new byte[Math.Min(most + 1, 64 * 1024)];
        int filled = 0;
        PollSet poll = new(2);
        while (true)
        {
            poll.Set(0, Input, PollEvents.POLLIN);
            poll.Set(1, Wake.Descriptor, PollEvents.POLLIN);
            poll.Wait(-1).OrThrow();
            if (IsCancelled)
            {
                problem = "who asked for it went away";
                return null;
            }

            if (poll.Found(0) == PollEvents.None)
            {
                continue;
            }

            ReadOn(Input, buffer, ref filled).OrThrow();
            if (filled == buffer.Length && filled <= most)
            {
                Array.Resize(ref buffer, Math.Min(most + 1, buffer.Length * 4));
                continue;
            }

            if (filled > most)
            {
                Input.Dispose();
                problem = $"what came in is longer than {Number(most)} bytes";
                return null;
            }

            if ((poll.Found(0) & PollEvents.POLLIN) == PollEvents.None)
            {
                break;
            }
        }

        problem = filled == 0 ? "nothing came in" : "";
        return filled == 0 ? null : buffer[..filled];
    }
}
