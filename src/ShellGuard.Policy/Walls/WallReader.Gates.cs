using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Core.Flow.Forms;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Toml;

namespace ShellGuard.Policy.Walls;

/// <content>Gates.</content>
internal sealed partial class WallReader
{
    private const int UsualBytes = 64 * 1024;
    private const int MostBytes = 16 * 1024 * 1024;
    private static readonly TimeSpan _usualExpiry = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan _longestExpiry = TimeSpan.FromDays(20);
    private static readonly TimeSpan _usualTime = TimeSpan.FromMinutes(10);

    private void ReadGate(TomlTable table)
    {
        WallTable read = new(WallKeys.Gate, table, values, Rules());
        if (NameOf(read, "a gate", WallKeys.Gate, Walls.Gates.Select(g => g.Name)) is not var (name, rule))
        {
            return;
        }

        if (!IsWord(name, "._-", 32))
        {
            values.Error(
                read.SpanOf("name"),
                "a gate's name has letters, digits and . _ -, at most 32 of them, the first a letter or digit", null);
            return;
        }

        bool complete = read.Needs(rule.Text, "kind", "from", "to");
        foreach (string side in new[] { "from", "to" })
        {
            if (read.Has(side) && read.List(side).Count == 0)
            {
                values.Error(read.SpanOf(side), $"{rule.Text} has no tags in {side}", null);
                complete = false;
            }
        }

        long bytes = read.Amount("max-bytes") ?? UsualBytes;
        if (bytes > MostBytes)
        {
            values.Error(read.SpanOf("max-bytes"), $"max-bytes is at most {MostBytes}", null);
            complete = false;
        }

        (FilterRule? filter, ApprovalRule? approval, long capacity) = read.Text("kind") switch
        {
            "filter" => ReadFilter(read, rule, bytes),
            "approval" => ReadApproval(read, rule, bytes),
            _ => default,
        };
        if (complete && (filter is not null || approval is not null))
        {
            GateKind kind = filter is null ? GateKind.Approval : GateKind.Filter;
            Walls.Gates.Add(new LayerGate(
                name, kind, read.List("from"), read.List("to"), capacity, filter, approval, rule));
        }
    }

    private (FilterRule? Filter, ApprovalRule? Approval, long Capacity) ReadFilter(
        WallTable read, RuleSource rule, long bytes)
    {
        read.Refuse("is for kind = \"approval\"", "approvers", "second-person", "expires");
        bool complete = read.Needs(rule.Text, "program", "sha256", "form", "bits", "per");
        if (read.Text("program") is { } program && (program[0] != '/' || program.Any(char.IsControl) || program.Split('/').Contains("..")))
        {
            values.Error(
                read.SpanOf("program"), "a filter's program is an absolute path without ..",
                "for example program = \"/usr/local/lib/filters/count\"");
            complete = false;
        }

        if (read.Text("sha256") is { } digest && (digest.Length != 64 || !digest.All(char.IsAsciiHexDigit)))
        {
            values.Error(read.SpanOf("sha256"), "sha256 has 64 hexadecimal digits", "sha256sum PROGRAM prints them");
            complete = false;
        }

        long capacity = read.Amount("bits") ?? 0;
        TimeSpan per = read.Time("per") ?? default;
        TimeSpan time = read.Has("time") ? read.Time("time") ?? default : _usualTime;
        complete &= capacity > 0 && per > TimeSpan.Zero && time > TimeSpan.Zero && bytes is > 0 and <= MostBytes;
        if (read.Text("form") is not { } text || bytes is <= 0 or > MostBytes)
        {
            return default;
        }

        if (!OutputForms.TryParse(text, (int)bytes, out OutputForm? form, out string? problem))
        {
            values.Error(read.SpanOf("form"), problem, null);
            return default;
        }

        if (capacity > 0 && form.Bits > capacity)
        {
            values.Error(
                read.SpanOf("bits"),
                $"{rule.Text} lets nothing out: one output of its form can carry {form.Bits} bits, and it has {capacity}",
                $"bits = {form.Bits} lets one out a period; or make the form narrower");
            return default;
        }

        return complete
            ? (new FilterRule(read.Text("program")!, read.Text("sha256")!.ToLowerInvariant(), form, per, time), null, capacity)
            : default;
    }

    private (FilterRule? Filter, ApprovalRule? Approval, long Capacity) ReadApproval(
        WallTable read, RuleSource rule, long bytes)
    {
        read.Refuse("is for kind = \"filter\"", "program", "sha256", "form", "bits", "per", "time");
        bool complete = read.Needs(rule.Text, "approvers");
        string[] approvers = [.. read.List("approvers").Select(entry => entry.Value)];
        int needed = read.Flag("second-person") ? 2 : 1;
        if (read.Has("approvers") && approvers.Length < needed)
        {
            values.Error(
                read.SpanOf("approvers"), needed == 1
                    ? $"{rule.Text} has no approvers"
                    : $"{rule.Text} wants a second person and has {approvers.Length} approvers", null);
            complete = false;
        }

        foreach (LayerEntry<string> entry in read.List("approvers").Where(entry => !IsWord(entry.Value, "._-@", 64)))
        {
            builder.Report(
                Diagnostics.Severity.Error, entry.Source, builder.Layer.Lengths[entry.Source], "an approver is a login name");
            complete = false;
        }

        TimeSpan expires = read.Has("expires") ? read.Time("expires") ?? default : _usualExpiry;
        if (expires > _longestExpiry)
        {
            values.Error(read.SpanOf("expires"), $"expires is at most {ValueText.Write(_longestExpiry)}", null);
            complete = false;
        }

        return complete && expires > TimeSpan.Zero && bytes is > 0 and <= MostBytes
            ? (null, new ApprovalRule(approvers, needed == 2, expires, (int)bytes), bytes * 8)
            : default;
    }
}
