using ShellGuard.Cells.Planning;
using ShellGuard.Cells.View;
using ShellGuard.Linux;
using ShellGuard.Linux.Abi;
using ShellGuard.Linux.Calls;
using ShellGuard.Linux.Handles;
using ShellGuard.Linux.Launch;

namespace ShellGuard.Cells.Walls;

/// <summary>The lobby's commands: for each name that its PATH leads to, a stub that asks where it runs.</summary>
internal sealed class StubFarm
{
    /// <summary>Where the lobby sees it.</summary>
    public const string Place = "/run/shellguard";

    /// <summary>What every name there is a link to.</summary>
    public const string Program = $"{Place}/stub";

    /// <summary>Understood by the lobby itself: <c>shellguard run --in CELL -- COMMAND</c>.</summary>
    private const string Own = "shellguard";

    private readonly Dictionary<string, string> _programs = new(StringComparer.Ordinal);
    private readonly string _searchPath;
    private readonly string[] _gates;

    /// <param name="searchPath">The lobby's PATH without stubs.</param>
    /// <param name="view">What the lobby sees.</param>
    /// <param name="gates">Names that are commands besides.</param>
    public StubFarm(string searchPath, ViewPlan view, IHostFiles host, IEnumerable<string> gates)
    {
        _searchPath = searchPath;
        _gates = [.. gates];
        foreach (string directory in searchPath.Split(':').Where(directory => directory.StartsWith('/')))
        {
            if (host.RealPath(directory) is not { } real || view.ProtectionOf(real) is { IsHidden: true })
            {
                continue;
            }

            foreach (string name in host.List(real))
            {
                string path = $"{directory}/{name}";
                if (!_programs.ContainsKey(name) && host.IsExecutable(path))
                {
                    _programs.Add(name, path);
                }
            }
        }
    }

    /// <summary>PATH without the stubs, for where commands run.</summary>
    public string PlainSearchPath => _searchPath;

    /// <summary>PATH with the stubs first.</summary>
    public string SearchPath => $"{Place}/bin:{_searchPath}";

    /// <summary>Where a stub's program is; null when there is none of that name.</summary>
    public string? ProgramOf(string name) => _programs.GetValueOrDefault(name);

    /// <summary>Writes the stubs.</summary>
    /// <param name="directory">An empty directory of the session's storage.</param>
    public LinuxResult Write(string directory)
    {
        Directory.CreateDirectory($"{directory}/bin");
        LinuxResult opened = Files.Open(
            $"{directory}/stub", OpenFlags.WRONLY | OpenFlags.CREAT | OpenFlags.EXCL | OpenFlags.CLOEXEC,
            out Descriptor stub, 0x1ed);
        using (stub)
        {
            LinuxResult written = opened.Failed ? opened : FileContent.Append(stub, StubProgram.Bytes);
            if (written.Failed)
            {
                return written;
            }
        }

        opened = Files.Open(
            $"{directory}/bin", OpenFlags.RDONLY | OpenFlags.DIRECTORY | OpenFlags.CLOEXEC, out Descriptor bin);
        using (bin)
        {
            if (opened.Failed)
            {
                return opened;
            }

            foreach (string name in _programs.Keys.Append(Own).Concat(_gates).Distinct(StringComparer.Ordinal))
            {
                LinuxResult linked = Files.MakeSymbolicLink(bin, name, "../stub");
                if (linked.Failed)
                {
                    return linked;
                }
            }
        }

        return default;
    }

    /// <summary>A view with the stubs in it.</summary>
    /// <param name="directory">Where they were written.</param>
    public static ViewPlan AddTo(ViewPlan view, string directory)
    {
        const string because = "commands ask where they run";
        return view with
        {
            Entries =
            [
                .. view.Entries,
                new ViewEntry.MakeDirectory(Place, 0x1ed, because),
                new ViewEntry.HostBind(directory, Place, ReadOnly: true, Device: false, because),
            ],
        };
    }
}
