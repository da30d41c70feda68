using System.Security.Cryptography;
using ShellGuard.Cells.Sessions;
using ShellGuard.Linux.Calls;
using ShellGuard.Policy.Model;

namespace ShellGuard.Cells.Gates;

/// <summary>A question whether exactly these bytes may go out, once. What changes is guarded by a
/// lock of its own.</summary>
internal sealed class PendingApproval : IDisposable
{
    private const string Letters = "abcdefghjkmnpqrstvwxyz23456789";

    private readonly List<(uint Uid, string Name)> _approved = [];
    private readonly ManualResetEventSlim _decided = new();
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();

    /// <param name="user">Whose session asks: that is who asks, whatever runs in it.</param>
    public PendingApproval(
        GateRule gate, SessionUser user, byte[] content, string from, string reason, TimeProvider time)
    {
        Gate = gate;
        User = user;
        Content = content;
        From = from;
        Reason = reason;
        Sha256 = Convert.ToHexString(SHA256.HashData(content)).ToLowerInvariant();
        Id = RandomNumberGenerator.GetString(Letters, 6);
        _time = time;
        Asked = time.GetUtcNow();
        Expires = Asked + gate.Approval!.Expires;
    }

    /// <summary>What people call it.</summary>
    public string Id { get; }

    public GateRule Gate { get; }

    public SessionUser User { get; }

    public byte[] Content { get; }

    public string From { get; }

    public string Reason { get; }

    public string Sha256 { get; }

    public DateTimeOffset Asked { get; }

    public DateTimeOffset Expires { get; }

    /// <summary>How many people must agree.</summary>
    public int Needed => Gate.Approval!.SecondPerson ? 2 : 1;

    /// <summary>The answer; null while there is none.</summary>
    public ApprovalAnswer? Answer { get; private set; }

    /// <summary>Whether who asked went away first.</summary>
    public bool IsWithdrawn { get; private set; }

    /// <summary>Who agreed so far.</summary>
    public IReadOnlyList<string> Approved
    {
        get
        {
            lock (_lock)
            {
                return [.. _approved.Select(person => person.Name)];
            }
        }
    }

    /// <summary>The name under which a user may decide; null where they may not.</summary>
    /// <param name="problem">Why not.</param>
    public string? MayDecide(uint uid, out string problem)
    {
        problem = "";
        foreach (string name in Gate.Approval!.Approvers)
        {
            if (Accounts.Find(name) is { } account && account.Uid == uid)
            {
                problem = Gate.Approval.SecondPerson && uid == User.Uid
                    ? $"{name} asked, and the gate {Gate.Gate.Name} wants other people"
                    : "";
                return problem.Length == 0 ? name : null;
            }
        }

        problem = $"the gate {Gate.Gate.Name} has other approvers: {string.Join(", ", Gate.Approval.Approvers)}";
        return null;
    }

    /// <summary>Whether a user may see the bytes: who may decide, and whose session it is.</summary>
    public bool MaySee(uint uid) => uid == User.Uid || MayDecide(uid, out _) is not null;

    /// <summary>One person agrees.</summary>
    /// <param name="sha256">Of what that person saw.</param>
    /// <param name="record">Writes it down before it holds; false when it cannot.</param>
    /// <returns>Why not.</returns>
    public string? Approve(uint uid, string sha256, Func<string, bool> record)
    {
        lock (_lock)
        {
            if (MayDecide(uid, out string problem) is not { } name)
            {
                return problem;
            }

            if (Answer is not null || _time.GetUtcNow() >= Expires)
            {
                return "it is over";
            }

            if (sha256 != Sha256)
            {
                return $"what was seen is not what is asked for: that has the SHA-256 {Sha256}";
            }

            if (_approved.Exists(person => person.Uid == uid))
            {
                return $"{name} agreed already; another person is needed";
            }

            if (!record(name))
            {
                return "the journal cannot be written";
            }

            _approved.Add((uid, name));
            if (_approved.Count >= Needed)
            {
                Decide(new ApprovalAnswer(Problem: null));
            }

            return null;
        }
    }

    /// <summary>One person says no, and that is enough.</summary>
    /// <inheritdoc cref="Approve"/>
    public string? Deny(uint uid, string reason, Func<string, bool> record)
    {
        lock (_lock)
        {
            if (MayDecide(uid, out string problem) is not { } name)
            {
                return problem;
            }

            if (Answer is not null)
            {
                return "it is over";
            }

            if (!record(name))
            {
                return "the journal cannot be written";
            }

            Decide(new ApprovalAnswer($"{name} said no{(reason.Length > 0 ? $": {Core.SafeText.Of(reason)}" : "")}"));
            return null;
        }
    }

    /// <summary>Who asked is gone.</summary>
    public void Withdraw()
    {
        lock (_lock)
        {
            IsWithdrawn |= Answer is null;
            Decide(new ApprovalAnswer("who asked for it went away"));
        }
    }

    /// <summary>Waits for the answer or the end of the time.</summary>
    /// <returns>False when the time is over.</returns>
    public bool Wait()
    {
        TimeSpan left = Expires - _time.GetUtcNow();
        if (left > TimeSpan.Zero && _decided.Wait(left))
        {
            return true;
        }

        lock (_lock)
        {
            bool answered = Answer is not null;
            Decide(new ApprovalAnswer("nobody decided in time"));
            return answered;
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            Decide(new ApprovalAnswer("it is over"));
            _decided.Dispose();
        }
    }

    private void Decide(ApprovalAnswer answer)
    {
        if (Answer is null)
        {
            Answer = answer;
            _decided.Set();
        }
    }
}
