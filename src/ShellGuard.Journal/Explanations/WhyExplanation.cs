using System.Globalization;
using System.Text;
using ShellGuard.Core;
using ShellGuard.Core.Events;
using ShellGuard.Journal.Rendering;

namespace ShellGuard.Journal.Explanations;

/// <summary>Everything that is known about one denial.</summary>
/// <param name="Number">The N of <c>shellguard why N</c>.</param>
/// <param name="Header">When, and which record.</param>
/// <param name="Cell">The cell's name.</param>
/// <param name="Chain">The process and its ancestors, the actor first.</param>
/// <param name="Operation">What was tried.</param>
/// <param name="Target">On which object.</param>
/// <param name="Rule">The rule that denied; null where none did and nothing granted it.</param>
/// <param name="Reason">One clause.</param>
/// <param name="WayOn">The flag or policy line that would allow it; null where there is none.</param>
public sealed record WhyExplanation(
    long Number,
    RecordHeader Header,
    string Cell,
    IReadOnlyList<ProcessIdentity> Chain,
    Operation Operation,
    HostileText Target,
    RuleSource? Rule,
    string Reason,
    string? WayOn)
{
    /// <summary>The explanation as lines for people, safe on any terminal.</summary>
    public string Render()
    {
        StringBuilder text = new();
        Line(text, "denied", $"{RecordText.Verb(Operation)} {SafeText.Of(Target)}");
        Line(text, "when", string.Create(CultureInfo.InvariantCulture,
            $"{Header.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, record {Header.Sequence} of session {Header.Session}")
            + (Cell.Length > 0 ? $", cell {SafeText.Of(Cell, 64)}" : ""));
        string label = "by";
        foreach (ProcessIdentity process in Chain)
        {
            Line(text, label, string.Create(
                CultureInfo.InvariantCulture, $"{SafeText.Of(process.Program)} (pid {process.Pid})"));
            label = "under";
        }

        if (Rule is { } rule)
        {
            string position = rule.Line > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{SafeText.Of(rule.File)}:{rule.Line}:{rule.Column}")
                : SafeText.Of(rule.File);
            Line(text, "rule", position);
            Line(text, "", SafeText.Of(rule.Text));
        }
        else
        {
            Line(text, "rule", "none: what no rule grants is denied");
        }

        Line(text, "because", SafeText.Of(Reason));
        Line(text, "way on", WayOn is null ? "none: no flag or rule allows this" : SafeText.Of(WayOn));
        return text.ToString();
    }

    private static void Line(StringBuilder text, string label, string value) =>
        text.Append(label.PadRight(9)).Append(value).Append('\n');
}
