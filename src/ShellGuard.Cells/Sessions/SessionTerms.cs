using ShellGuard.Cells.Hosting;
using ShellGuard.Cells.Limiting;
using ShellGuard.Cells.Planning;
using ShellGuard.Core.Events;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Cells.Sessions;

/// <summary>On which terms a session runs on this host: what holds its limits, and what it does without because the
/// user accepted that.</summary>
/// <param name="Limits">What holds each limit.</param>
/// <param name="Concessions">What a cell does without.</param>
internal sealed record SessionTerms(LimitPlan Limits, HostConcessions Concessions)
{
    /// <summary>Everything that does not hold.</summary>
    public IEnumerable<Concession> Lost =>
    [
        .. Concessions.All,
        .. Limits.Unheld.Select(limit => new Concession(
            $"the limit of {LimitText.Describe(limit.Kind, limit.Value)} does not hold", limit.How)),
    ];

    /// <summary>Finds them. The host's features are only asked for where the user allows to do without some.</summary>
    /// <exception cref="SessionException">A limit cannot be held and the user did not accept that.</exception>
    public static SessionTerms Find(SessionRequest request, CellIdentity identity)
    {
        LimitPlan limits = LimitPlanner.Plan(request.Policy.Limits, identity.KeepsRoot);
        if (!request.AllowDegraded)
        {
            HeldLimit? unheld = limits.Unheld is [{ } first, ..] ? first : null;
            return unheld is null ? new SessionTerms(limits, HostConcessions.None) : throw Refusal(unheld, identity);
        }

        SessionStorage.Open(request.StorageRoot, request.User.Uid);
        HostSettings settings = HostSettings.Read(identity.KeepsRoot, request.StorageRoot);
        return new SessionTerms(limits, HostConceder.Find(identity, settings));
    }

    /// <summary>Puts them into a plan.</summary>
    public CellPlan Apply(CellPlan plan)
    {
        // A process without privileges cannot raise what the caller's shell has lowered, setrlimit(2).
        long files = Math.Min(plan.Limits.OpenFiles ?? long.MaxValue, ResourceLimits.Hard(ResourceLimits.OpenFiles));
        return plan with
        {
            LimitPlan = Limits,
            Limits = plan.Limits.OpenFiles is null ? plan.Limits : plan.Limits with { OpenFiles = (int)files },
        };
    }

    /// <summary>Writes down what does not hold and says it in one line.</summary>
    /// <param name="record">Returns whether the event stands in the journal.</param>
    /// <exception cref="SessionException">It cannot be written down.</exception>
    public void Announce(SessionRequest request, Func<JournalEvent, bool> record)
    {
        if (!Lost.Any())
        {
            return;
        }

        foreach (Concession concession in Lost)
        {
            if (!record(new DegradedEvent(concession.Guarantee, concession.Reason)))
            {
                throw new SessionException("the journal cannot be written");
            }
        }

        request.Tell?.Invoke($"degraded: {string.Join("; ", Lost)}");
    }

    private static SessionException Refusal(HeldLimit limit, CellIdentity identity)
    {
        string rule = limit.Rule is { } source ? $"{source.Position}: " : "";
        string way = identity.KeepsRoot
            ? "mount the control groups writable"
            : "run it in a control group of your own (systemd-run --user --scope -p Delegate=yes shellguard ...) or as root";
        return new SessionException(
            $"{rule}the limit of {LimitText.Describe(limit.Kind, limit.Value)} cannot be held: {limit.How}; {way}, "
            + $"lift it with {LimitText.Flag(limit.Kind)} none, or accept with --allow-degraded that it does not hold");
    }
}
