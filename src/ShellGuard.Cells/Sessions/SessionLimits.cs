using ShellGuard.Cells.Limiting;
using ShellGuard.Cells.Supervision;
using ShellGuard.Cells.View;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Linux;

namespace ShellGuard.Cells.Sessions;

/// <summary>The limits of one running session: its control groups, and what happens when one strikes.</summary>
internal sealed class SessionLimits : IDisposable
{
    private readonly LimitPlan _plan;
    private readonly CellCgroup _group;
    private readonly List<string> _said = [];
    private LimitWatch? _watch;

    private SessionLimits(LimitPlan plan, CellCgroup group)
    {
        _plan = plan;
        _group = group;
    }

    /// <summary>What was said, for a person without a terminal.</summary>
    public IReadOnlyList<string> Said => _said;

    /// <summary>Makes the control groups, and first removes those that a killed supervisor left.</summary>
    /// <exception cref="SessionException">They cannot be made. Nothing is left.</exception>
    public static SessionLimits Prepare(LimitPlan plan, SessionStorage storage, string session)
    {
        CgroupLeftovers.Remove(plan, storage, TimeProvider.System);
        LinuxResult made = CellCgroup.Create(plan, session, out CellCgroup group);
        return made.Succeeded
            ? new SessionLimits(plan, group)
            : throw new SessionException($"the session's limits cannot be set: {made}");
    }

    /// <summary>Puts process 1 of the cell under them, while it waits.</summary>
    public LinuxResult Hold(int process) => _group.Add(process);

    /// <summary>Begins to look for strikes.</summary>
    /// <param name="view">Whose layers are measured.</param>
    /// <param name="recorder">Writes them down.</param>
    /// <param name="say">Tells the person.</param>
    /// <param name="stop">Ends the session.</param>
    public void Watch(ViewPlan view, SessionRecorder recorder, string cell, Action<string> say, Action<string> stop)
    {
        _watch = new LimitWatch(_plan, _group, [.. view.Layers.Select(layer => layer.Upper)], (strike, ends) =>
        {
            RuleSource? rule = _plan.Limits.FirstOrDefault(limit => limit.Kind == strike.Kind)?.Rule;
            recorder.Record(new LimitEvent(strike.Kind, strike.Value, strike.Effect) { Cell = cell, Rule = rule });
            if (ends)
            {
                stop(strike.ToString());
                return;
            }

            lock (_said)
            {
                _said.Add(strike.ToString());
            }

            say(strike.ToString());
        });
    }

    /// <summary>Looks a last time. The cell is gone.</summary>
    public void End() => _watch?.End();

    public void Dispose()
    {
        _watch?.Dispose();
        _group.Dispose();
    }
}
