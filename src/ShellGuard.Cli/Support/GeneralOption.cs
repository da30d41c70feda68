using System.CommandLine;
using System.Globalization;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;

namespace ShellGuard.Cli.Support;

/// <summary>The options that say how far names stand for others.</summary>
internal sealed class GeneralOption
{
    private readonly Option<int> _threshold = new("--threshold")
    {
        Description = string.Create(
            CultureInfo.InvariantCulture,
            $"From so many files of one directory on the directory is meant; 0 for never; {GeneralOptions.DefaultThreshold} where it is not given"),
        HelpName = "N",
        DefaultValueFactory = _ => GeneralOptions.DefaultThreshold,
    };

    private readonly Option<bool> _exact = new("--exact") { Description = "Every name as it was seen" };

    public void AddTo(Command command)
    {
        command.Options.Add(_threshold);
        command.Options.Add(_exact);
    }

    public GeneralOptions Read(ParseResult parsed, params IEnumerable<ImportResult> results)
    {
        using PackageLists packages = PackageLists.Open();
        return Read(parsed, packages, results);
    }

    /// <param name="packages">Opened before.</param>
    public GeneralOptions Read(ParseResult parsed, PackageLists packages, params IEnumerable<ImportResult> results)
    {
        HashSet<string> paths = new(StringComparer.Ordinal);
        foreach (SeenAccess seen in results.SelectMany(result => result.Accesses))
        {
            if (seen.Access.Target.StartsWith("/usr", StringComparison.Ordinal) || seen.Access.Target.StartsWith("/lib", StringComparison.Ordinal))
            {
                paths.Add(seen.Access.Target);
            }
        }

        return new GeneralOptions
        {
            Threshold = parsed.GetValue(_threshold),
            IsExact = parsed.GetValue(_exact),
            Packages = packages.Owners(paths),
        };
    }
}
