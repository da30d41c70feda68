using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ShellGuard.Linux.Abi;

namespace ShellGuard.Linux.Seccomp;

/// <summary>Collects the lines of a table. A call has one line; a second is a mistake in the table.</summary>
internal sealed class SystemCallTableBuilder
{
    private readonly Dictionary<SystemCall, SystemCallLine> _lines = [];

    internal ImmutableArray<SystemCallLine> Build()
    {
        SystemCallLine[] lines = [.. _lines.Values];
        Array.Sort(lines, (a, b) => ((int)a.Call).CompareTo((int)b.Call));
        return ImmutableCollectionsMarshal.AsImmutableArray(lines);
    }

    internal void Pass(Holder holder, string reason, params ReadOnlySpan<SystemCall> calls) =>
        Add(FilterOutcome.Pass, holder, reason, calls);

    internal void Deny(Errno error, string reason, params ReadOnlySpan<SystemCall> calls) =>
        Add(FilterOutcome.Deny(error), Holder.Filter, reason, calls);

    internal void DenySilently(Errno error, string reason, params ReadOnlySpan<SystemCall> calls) =>
        Add(FilterOutcome.DenySilently(error), Holder.Filter, reason, calls);

    internal void Mediate(string reason, params ReadOnlySpan<SystemCall> calls) =>
        Add(FilterOutcome.Mediate, Holder.Supervisor, reason, calls);

    /// <summary>A call that its arguments decide.</summary>
    internal void Partly(
        SystemCall call,
        FilterOutcome otherwise,
        Holder holder,
        string reason,
        params ImmutableArray<ArgumentRule> rules) =>
        _lines.Add(call, new SystemCallLine(call, rules, otherwise, holder, reason));

    private void Add(FilterOutcome outcome, Holder holder, string reason, ReadOnlySpan<SystemCall> calls)
    {
        foreach (SystemCall call in calls)
        {
            _lines.Add(call, new SystemCallLine(call, [], outcome, holder, reason));
        }
    }
}
