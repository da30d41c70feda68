using System.CommandLine;
using ShellGuard.Cells.Sessions;
using ShellGuard.Cli.Support;
using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Model;
using ShellGuard.Policy.Walls;

namespace ShellGuard.Cli.Commands;

/// <summary><c>shellguard can CELL reach|get TAG</c>.</summary>
internal static class CanCommand
{
    private const int No = 1;

    public static Command Create()
    {
        PolicyOptions policy = new();
        Argument<string[]> words = new("question") { Arity = new ArgumentArity(0, 3) };
        Option<bool> json = new("--json") { Description = "Print JSON" };
        Verb verb = new("can", "Ask a policy with walls what can get where")
        {
            NeedsHashes = false,
            Operands = "CELL reach|get TAG",
            Details =
            [
                "reach: can data of the cell get to the sink TAG, by itself or over a relay to another cell? get: can data of "
                + "the source TAG get to the cell? The policy alone is asked, nothing is run. CELL is a cell of the policy, or "
                + "lobby. Exit status 0 for yes with the way, 1 for no with what forbids it and the ways on.",
            ],
            Examples =
            [
                new("shellguard can db reach net:internet", "is there a path?"),
                new("shellguard can net get db:customers --policy team.toml", "and the other way round"),
            ],
        };
        words.Validators.Add(UnknownOptions.RefuseAll);
        verb.Arguments.Add(words);
        policy.AddPolicyTo(verb);
        verb.Options.Add(json);
        verb.SetAction(parsed =>
        {
            if (parsed.GetValue(words) is not { Length: 3 } question)
            {
                throw new SessionException($"shellguard can needs {verb.Operands}; see shellguard can --help");
            }

            if (Invocation.Load(policy.Read(parsed, Invocation.PolicyContext))?.Policy is not { } loaded)
            {
                return SessionException.OwnFailure;
            }

            WallRules walls = loaded.Walls
                ?? throw new SessionException($"the policy {loaded.Name} says nothing of walls; --policy names another one");
            WallAnswer answer = Ask(loaded, walls, question);
            if (parsed.GetValue(json))
            {
                Terminal.WriteJson(writer => new WallAnswerJson(walls).Write(writer, answer));
            }
            else
            {
                Terminal.Out.Write(new WallAnswerText(walls).Write(answer));
            }

            return answer.Yes ? 0 : No;
        });
        return verb;
    }

    private static WallAnswer Ask(EffectivePolicy policy, WallRules walls, string[] words)
    {
        CellRule cell = Cell(policy, walls, words[0]);
        if (words[1] is not ("reach" or "get"))
        {
            throw new SessionException(
                $"'{words[1]}' is no question; write shellguard can {words[0]} reach {words[2]}, or get instead of reach");
        }

        if (walls.Tags.FirstOrDefault(tag => tag.Name == words[2]) is not { } asked)
        {
            throw new SessionException(
                $"the policy has no tag {words[2]}{Near(words[2], walls.Tags.Select(tag => tag.Name))}");
        }

        return words[1] == "reach"
            ? WallQuestion.CanReach(walls, policy, cell, asked.Tag)
            : WallQuestion.CanGet(walls, policy, cell, asked.Tag);
    }

    private static CellRule Cell(EffectivePolicy policy, WallRules walls, string name)
    {
        CellRule lobby = WallRules.LobbyOf(policy);
        if (name == lobby.Name)
        {
            return lobby;
        }

        return walls.TryFindCell(name, out CellRule? cell)
            ? cell
            : throw new SessionException($"the policy has no cell {name}{Near(name, walls.Cells.Select(known => known.Name))}");
    }

    private static string Near(string written, IEnumerable<string> known)
    {
        string[] names = [.. known];
        return NearestName.Find(written, names) is { } near ? $"; did you mean {near}?"
            : names.Length > 0 ? $"; it has {string.Join(", ", names)}"
            : "";
    }
}
