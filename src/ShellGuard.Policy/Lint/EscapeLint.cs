using ShellGuard.Policy.Diagnostics;
using ShellGuard.Policy.Evaluation;
using ShellGuard.Policy.Model;

namespace ShellGuard.Policy.Lint;

/// <summary>Finds rules about paths that amount to an escape.</summary>
/// <param name="files">Tells which directories are repositories.</param>
internal sealed class EscapeLint(PolicyResult result, EffectivePolicy policy, IPolicyFiles files, LintReport report)
{
    private const int MaximumPerRule = 8;

    private static readonly string[] _gitCommands = [".git/hooks", ".git/config"];

    public void Check()
    {
        foreach (var rule in policy.Paths.Where(r => r.Mode != PathMode.Hidden))
        {
            if (rule.Mode == PathMode.Direct && rule.Path == "/")
            {
                report.Add(
                    Severity.Danger, rule.Source, $"{rule.Source.Text}: the whole host can be changed at once",
                    "make / read-only or copy-on-write and name what is to be direct");
                continue;
            }

            var ways = FindWays(rule).DistinctBy(w => w.Path, StringComparer.Ordinal).ToList();
            foreach (var (path, how, isSocket) in ways.Take(MaximumPerRule))
            {
                string act = rule.Mode == PathMode.Direct ? "makes" : "shows";
                string what = rule.Mode == PathMode.Direct ? $"{path} writable" : path;
                report.Add(
                    Severity.Danger, rule.Source,
                    $"{rule.Source.Text} {act} {what}, which amounts to an escape: {how}",
                    rule.Mode == PathMode.Direct && !isSocket
                        ? $"make {path} copy-on-write, or grant less" : "do not hand it over");
            }

            if (ways.Count > MaximumPerRule)
            {
                report.Add(
                    Severity.Danger, rule.Source,
                    $"{rule.Source.Text} has {ways.Count - MaximumPerRule} more ways out: "
                    + string.Join(", ", ways.Skip(MaximumPerRule).Select(w => w.Path)));
            }

            if (rule.Mode == PathMode.Direct && ways.Count == 0 && HoldsWork(rule.Path))
            {
                CheckRepository(rule);
            }
        }
    }

    private IEnumerable<(string Path, string How, bool IsSocket)> FindWays(PathRule rule)
    {
        if (rule.Mode == PathMode.Direct && rule.Path is "/home" or "/var" or "/usr")
        {
            yield return (rule.Path, "it holds the homes, jobs or programs of everyone on the host", false);
        }

        if (rule.Mode == PathMode.Direct && IsGitMetadata(rule.Path))
        {
            yield return (
                rule.Path, "git runs the hooks and commands that stand there when someone uses the repository",
                false);
        }

        var homes = Homes(rule.Path);
        foreach (var right in EscapeRights.All)
        {
            IEnumerable<string> paths = right.Path[0] == '~'
                ? homes.Select(h => h.TrimEnd('/') + right.Path[1..])
                : [right.Path];
            foreach (string path in paths)
            {
                if (right.Kind == EscapeKind.Socket ? ShowsSocket(rule, path) : WritesDirectly(rule, path))
                {
                    yield return (
                        PathText.IsAtOrBeneath(rule.Path, path) ? rule.Path : path, right.How,
                        right.Kind == EscapeKind.Socket);
                }
            }
        }
    }

    /// <summary>The rule makes the place writable, or something inside it.</summary>
    private bool WritesDirectly(PathRule rule, string place)
    {
        if (rule.Mode != PathMode.Direct)
        {
            return false;
        }

        return PathText.IsAtOrBeneath(rule.Path, place)
            || (PathText.IsAtOrBeneath(place, rule.Path) && PathDecision.Of(policy.Paths, place).Rule == rule);
    }

    /// <summary>The rule shows a socket of the host. A rule about / does not: the places where sockets live are the
    /// cell's own unless a rule names them or something inside.</summary>
    private bool ShowsSocket(PathRule rule, string socket) =>
        PathText.IsAtOrBeneath(rule.Path, socket)
        || (NamesPrivatePlace(rule.Path) && PathText.IsAtOrBeneath(socket, rule.Path)
            && PathDecision.Of(policy.Paths, socket).Rule == rule);

    private static bool NamesPrivatePlace(string path) =>
        PathText.IsAtOrBeneath(path, "/run") || PathText.IsAtOrBeneath(path, "/var/run")
        || PathText.IsAtOrBeneath(path, "/tmp");

    /// <summary>The session's own home, root's, and the one that the rule lies in.</summary>
    private HashSet<string> Homes(string path)
    {
        var homes = new HashSet<string>(StringComparer.Ordinal) { "/root" };
        if (result.Context.Home is { Length: > 1 } home)
        {
            homes.Add(home);
        }

        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is ["home", var name, ..])
        {
            homes.Add($"/home/{name}");
        }

        return homes;
    }

    private static bool IsGitMetadata(string path) => path.Split('/').Contains(".git", StringComparer.Ordinal);

    /// <summary>Where people work, and so where repositories are: homes and the working directory.</summary>
    private bool HoldsWork(string path) =>
        Homes(path).Any(h => PathText.IsAtOrBeneath(path, h))
        || PathText.IsAtOrBeneath(path, result.Context.WorkingDirectory)
        || PathText.IsAtOrBeneath(result.Context.WorkingDirectory, path);

    private void CheckRepository(PathRule rule)
    {
        bool covered = Array.TrueForAll(_gitCommands, inside =>
            PathDecision.Of(policy.Paths, $"{rule.Path}/{inside}").Mode is not PathMode.Direct);
        if (!covered)
        {
            bool isRepository = files.Read($"{rule.Path}/.git/HEAD").Bytes is not null;
            report.Add(
                isRepository ? Severity.Danger : Severity.Warning, rule.Source,
                $"{rule.Source.Text}: {(isRepository ? "it is a repository, and" : "where it is a repository,")} a hook, a "
                + "build step or an editor task that is planted there runs outside the cell at the next command in it",
                $"make it copy-on-write and commit after a look, or add {rule.Path}/.git as read-only");
        }
    }
}
