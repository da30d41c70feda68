using ShellGuard.Core;
using ShellGuard.Leash.Configuration;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;

namespace ShellGuard.Leash.Locating;

/// <summary>Finds the configuration and refuses every one that cannot be relied on. Nothing is ever allowed because a file
/// is not there.</summary>
public sealed class ConfigurationLocator
{
    private readonly LeashStart _start;
    private readonly List<string> _notices = [];

    private ConfigurationLocator(LeashStart start) => _start = start;

    /// <summary>How far a file's owners matter.</summary>
    private enum Trust
    {
        /// <summary>A file that others could change is refused.</summary>
        Required,

        /// <summary>It is refused where the person is held, and else mentioned.</summary>
        Wanted,
    }

    /// <summary>Finds and reads it.</summary>
    /// <exception cref="LeashException">There is none that can be used.</exception>
    public static LocatedConfiguration Locate(LeashStart start)
    {
        ConfigurationLocator locator = new(start);
        LeashConfiguration configuration = locator.Find();
        return new LocatedConfiguration(configuration, locator._notices);
    }

    private LeashConfiguration Find()
    {
        List<string> looked = [];
        if (_start.NamedFile is { } named)
        {
            return Read(System.IO.Path.GetFullPath(named), Trust.Wanted) ?? throw Refusal(named, "it is not there");
        }

        if (ReadSystem(looked) is { } system)
        {
            if (_start.Environment.ContainsKey("LEASH_CONF"))
            {
                _notices.Add("LEASH_CONF is ignored: the host has a configuration for you");
            }

            return system;
        }

        if (ReadFromEnvironment() is { } chosen)
        {
            return chosen;
        }

        string own = $"{_start.Home.TrimEnd('/')}/.l8ashrc";
        looked.Add(own);
        return Read(own, Trust.Wanted)
            ?? throw new LeashException(
                $"no configuration: looked for {string.Join(", ", looked.Select(SafeText.Escape))}; nothing runs without one");
    }

    private LeashConfiguration? ReadSystem(List<string> looked)
    {
        if (_start.User.Name.Contains('/', StringComparison.Ordinal) || _start.User.Name is "" or ['.' or '@', ..])
        {
            throw new LeashException($"a user named '{SafeText.Escape(_start.User.Name)}' can have no configuration");
        }

        string user = $"{_start.Directory}/{_start.User.Name}.toml";
        looked.Add(user);
        if (Read(user, Trust.Required) is { } found)
        {
            return found;
        }

        List<LeashConfiguration> groups = [];
        foreach (string group in _start.Groups.Where(name => name.Length > 0 && !name.Contains('/', StringComparison.Ordinal)))
        {
            string file = $"{_start.Directory}/@{group}.toml";
            looked.Add(file);
            if (Read(file, Trust.Required) is { } configuration)
            {
                groups.Add(configuration);
            }
        }

        return groups.Count <= 1
            ? groups.FirstOrDefault()
            : throw new LeashException(
                $"{string.Join(" and ", groups.Select(group => SafeText.Escape(group.File)))} are both for {_start.User.Name}; "
                + $"{user} decides where it is there");
    }

    /// <summary>LEASH_CONF, which l8ash's users set to escape from it.</summary>
    private LeashConfiguration? ReadFromEnvironment()
    {
        if (!_start.Environment.TryGetValue("LEASH_CONF", out string? path))
        {
            return null;
        }

        if (_start.IsStrict)
        {
            _notices.Add("LEASH_CONF is ignored in a login shell and under ssh");
            return null;
        }

        if (path is not ['/', ..])
        {
            throw new LeashException($"LEASH_CONF='{SafeText.Escape(path)}' is not a path from the root");
        }

        LinuxResult opened = PathWalk.Open(path, out PathWalk walk, out Descriptor file);
        using (file)
        {
            if (opened.Failed)
            {
                throw Refusal(path, Reason(opened));
            }

            if (walk.Weakness is { } weakness)
            {
                _notices.Add($"LEASH_CONF={SafeText.Escape(path)} is ignored: {weakness}");
                return null;
            }

            return Read(path, file);
        }
    }

    /// <returns>Null where there is no such file.</returns>
    private LeashConfiguration? Read(string path, Trust trust)
    {
        LinuxResult opened = PathWalk.Open(path, out PathWalk walk, out Descriptor file);
        using (file)
        {
            if (opened.Error is Errno.ENOENT)
            {
                return null;
            }

            if (opened.Failed)
            {
                throw Refusal(path, Reason(opened));
            }

            if (walk.Weakness is { } weakness)
            {
                if (trust == Trust.Required || _start.IsStrict)
                {
                    throw Refusal(
                        path, $"{weakness}; it must be root's alone, best as {LeashStart.SystemDirectory}/{_start.User.Name}.toml");
                }

                _notices.Add($"{SafeText.Escape(path)} holds nobody: {weakness}");
            }

            return Read(path, file);
        }
    }

    private static LeashConfiguration Read(string path, Descriptor file)
    {
        Files.Status(file, out FileStatus status).OrThrow();
        if (!status.IsRegular)
        {
            throw Refusal(path, $"it is {Kind(status.Type)} and not a file");
        }

        if (status.Size is 0 or > LeashConfiguration.MaximumBytes)
        {
            throw Refusal(
                path, status.Size == 0 ? "it is empty" : $"it is longer than {LeashConfiguration.MaximumBytes / 1024} KiB");
        }

        // One byte more than there should be, so that a file that grows meanwhile is seen.
        byte[] bytes = new byte[status.Size + 1];
        LinuxResult read = FileContent.ReadFully(file, bytes, 0);
        if (read.Failed || read.Value != status.Size)
        {
            throw Refusal(path, read.Failed ? Reason(read) : "it changed while it was read");
        }

        ConfigurationResult result = ConfigurationReader.Read(path, bytes.AsSpan(0, (int)read.Value));
        return result.Configuration
            ?? throw new LeashException($"{SafeText.Escape(path)} cannot be used\n{result.Describe().TrimEnd('\n')}");
    }

    private static LeashException Refusal(string path, string reason) =>
        new($"{SafeText.Escape(path)} cannot be used: {reason}");

    private static string Reason(LinuxResult result) => result.Error switch
    {
        Errno.ENOENT => "it is not there",
        Errno.EACCES => "it cannot be read (EACCES)",
        Errno.EISDIR => "it is a directory and not a file",
        _ => $"{result.Call}: {result.Error}",
    };

    private static string Kind(FileType type) => type switch
    {
        FileType.DIR => "a directory",
        FileType.IFO => "a FIFO",
        FileType.SOCK => "a socket",
        _ => "a device",
    };
}
