using System.Text;
using ShellGuard.Core;
using ShellGuard.Core.Flow;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Walls;

/// <summary>Tells a person what a policy lets get where.</summary>
public sealed class WallAnswerText(WallRules walls)
{
    /// <summary>The answer, each line with a line feed; safe to print.</summary>
    public string Write(WallAnswer answer)
    {
        StringBuilder text = new();
        text.Append(answer.Yes ? "yes: " : "no: ").Append(Headline(answer)).Append('\n');
        foreach (string line in answer.Yes ? Way(answer) : Reasons(answer))
        {
            text.Append("  ").Append(line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A gate with what it lets out.</summary>
    public string Gate(int index)
    {
        GateRule gate = walls.Gates[index];
        string what = gate.Filter is { } filter
            ? $"{filter.Form.Text}: {filter.Form.Bits} bits each time, {gate.Gate.Capacity} in {ValueText.Write(filter.Per)}"
            : gate.Approval is { } approval
                ? $"approved by {(approval.SecondPerson ? "two" : "one")} of {string.Join(", ", approval.Approvers)}"
                : "";
        return SafeText.Message($"through the gate {gate.Gate.Name} ({what})");
    }

    private string Headline(WallAnswer answer)
    {
        TagRule tag = walls.Tags[answer.Asked.Number];
        string name = SafeText.Message(tag.Meaning.Length == 0 ? tag.Name : $"{tag.Name} ({tag.Meaning})");
        return (answer.IsSink, answer.Yes) switch
        {
            (true, true) => $"what {answer.Cell.Name} has can get to {name}",
            (true, false) => $"nothing that {answer.Cell.Name} has can get to {name}",
            (false, true) => $"{answer.Cell.Name} can get {name}",
            _ => $"{answer.Cell.Name} can get nothing of {name}",
        };
    }

    private IEnumerable<string> Way(WallAnswer answer)
    {
        yield return WallText.Words.Path(answer.State, answer.Path!);
        if (!answer.Instead.IsEmpty)
        {
            yield return SafeText.Message($"not together with {walls.NamesOf(answer.Instead)}: what it gets first decides");
        }
    }

    private IEnumerable<string> Reasons(WallAnswer answer)
    {
        if (answer is { Refusal: { } refusal, Refused: { } operation })
        {
            foreach (string line in WallText.Words.Because(answer.State, operation, FlowExplanation.Of(refusal)))
            {
                yield return line;
            }
        }
        else if (answer.Resources.Count == 0)
        {
            yield return answer.IsSink ? "no resource of the policy leads there" : "no resource of the policy gives it";
        }
        else
        {
            string names = string.Join(", ", answer.Resources.Select(resource => resource.Name));
            yield return SafeText.Message($"nobody hands it {names}; no conflict set would forbid it");
        }

        foreach (NetworkRule rule in answer.Untagged)
        {
            yield return SafeText.Message(
                $"it sends to {rule.Pattern} ({rule.Source.Position}), which no resource names: what goes there counts for nothing");
        }

        string start = "ways on: ";
        foreach (string way in WaysOn(answer))
        {
            yield return start + way;
            start = "         ";
        }
    }

    private IEnumerable<string> WaysOn(WallAnswer answer)
    {
        foreach (WayOn.ThroughGate gate in answer.WaysOn.OfType<WayOn.ThroughGate>())
        {
            yield return Gate(gate.Gate);
        }

        foreach (CellRule other in answer.Others)
        {
            yield return $"in {other.Rule.Text}, without what {answer.Cell.Name} has";
        }

        if (answer.Refusal is null && answer.Resources.Count > 0 && answer.Others.Count == 0)
        {
            yield return SafeText.Message(answer.Resources[0].Endpoints is [var endpoint, ..]
                ? $"net = [\"{endpoint}\"] in [cell.{answer.Cell.Name}]"
                : answer.Resources[0].Paths is [var path, ..]
                    ? $"{(answer.IsSink ? "direct" : "read-only")} = [\"{path}\"] in [cell.{answer.Cell.Name}]"
                    : $"{answer.Resources[0].Name} in [cell.{answer.Cell.Name}]");
        }
    }
}
