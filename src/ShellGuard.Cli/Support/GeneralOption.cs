using System.CommandLine;
using System.Globalization;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Cells.Sessions;
using ShellGuard.Linux;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Cli.Support;

/// <summary>The options that say how far names stand for others.</summary>
internal sealed class GeneralOption
{
    private const int LargestThreshold = 1_000_000;

    private readonly Option<int> _threshold = new("--threshold")
    {
        Description = string.Create(
            CultureInfo.InvariantCulture,
            $"From so many files of one directory on the directory is meant; 0 for never; {GeneralOptions.DefaultThreshold} where it is not given"),
        HelpName = "N",
        DefaultValueFactory = _ => GeneralOptions.DefaultThreshold,
        CustomParser = result => WholeNumber.Of(
            result, string.Create(CultureInfo.InvariantCulture, $"a number from 1 to {LargestThreshold}, or 0 for never"), number => number <= LargestThreshold),
    };

    private readonly Option<bool> _exact = new("--exact") { Description = "Every name as it was seen" };

    private readonly Option<string?> _root = new("--root")
    {
        Description = "The root directory of the container whose audit it is: its files count, not the host's",
        HelpName = "DIR",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_threshold);
        command.Options.Add(_exact);
        command.Options.Add(_root);
    }

    /// <summary>The name of one that a person wrote; null where there is none.</summary>
    public string? FirstGiven(ParseResult parsed) => new Option[] { _threshold, _exact, _root }
        .FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false })?.Name;

    /// <summary>Where the paths of an audit lie.</summary>
    /// <param name="groups">The host's, where it cannot be asked later.</param>
    public HostLook Host(ParseResult parsed, HostGroups? groups = null)
    {
        if (parsed.GetValue(_root) is not { } root)
        {
            return new HostLook(groups);
        }

        LinuxResult opened = ObjectPath.OpenDirectory(root, out Descriptor directory);
        return opened.Succeeded
            ? new HostLook(groups, directory)
            : throw new SessionException($"--root {root}: no such directory can be opened ({opened.Error})");
    }

    /// <summary>Which package a file is of: the lists of a container are not trusted, and the host's say nothing about
    /// it.</summary>
    public PackageLists OpenPackages(ParseResult parsed) =>
        parsed.GetValue(_root) is null ? PackageLists.Open() : PackageLists.None();

    /// <summary>Says on standard error whose files were judged where they are not those of the audit.</summary>
    public static void Warn(AccessProfile profile)
    {
        if (profile.IsJudgedByHost)
        {
            Terminal.Complain(AccessProfile.JudgedByHost);
        }
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
