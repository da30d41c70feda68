using System.Globalization;
using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Audit.Profiles.Privileges;
using ShellGuard.Core;
using ShellGuard.Core.Events;

namespace ShellGuard.Audit.Profiles;

/// <summary>Finds what a command needs. Only what was seen to succeed counts.</summary>
public sealed class ProfileBuilder
{
    private readonly Dictionary<string, PathDraft> _paths = new(StringComparer.Ordinal);
    private readonly List<ProfileEndpoint> _connects = [];
    private readonly List<ProfileEndpoint> _listens = [];
    private readonly List<GeneralAccess> _others = [];
    private readonly List<GeneralAccess> _denied = [];
    private readonly List<GeneralAccess> _failed = [];
    private readonly IHostLook _host;
    private readonly Credentials _credentials;
    private int _probes;

    private ProfileBuilder(IHostLook host, Credentials credentials) => (_host, _credentials) = (host, credentials);

    public static AccessProfile Build(ImportResult result, GeneralOptions options, IHostLook host)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(host);
        Generalised all = Generaliser.Of(result.Accesses, options);
        ProfileBuilder builder = new(host, Credentials.For(result.Accesses.Select(seen => seen.Access.Target)));
        foreach (GeneralAccess access in all.Accesses)
        {
            builder.Add(access);
        }

        return builder.Finish(result, all);
    }

    private AccessProfile Finish(ImportResult result, Generalised all)
    {
        ProcessIdentity? first = null;
        foreach (SeenAccess seen in result.Accesses)
        {
            ProcessIdentity process = seen.Access.Chain[^1];
            first = first is null || process.Pid < first.Pid || (process.Pid == first.Pid && process.Generation < first.Generation) ? process : first;
        }

        Access? executed = Start(result.Accesses);
        ArgumentVector arguments = executed?.Arguments ?? first?.Arguments ?? ArgumentVector.Empty;
        ProfileEndpoints.MarkSelections(_connects);
        List<ProfilePath> paths = [.. _paths.Values.Select(draft => draft.ToPath(_host, _credentials)).OrderBy(path => path.Shown, StringComparer.Ordinal)];
        return new AccessProfile(
            arguments, executed?.Target ?? first?.Program ?? "", paths, _connects, _listens,
            PrivilegeAnalysis.Of(all, _host, _credentials), _others, _denied, _failed, _probes, Math.Max(1, result.Runs.Count))
        {
            Result = result,
            Source = all,
            IsJudgedByHost = result.IsOfContainer && !_host.IsOfContainer,
        };
    }

    /// <summary>The execution that the recording begins with: attempts along PATH may stand before it. Null where it
    /// begins otherwise, as one of a process that ran already.</summary>
    private static Access? Start(IReadOnlyList<SeenAccess> accesses)
    {
        SeenAccess? first = null;
        foreach (SeenAccess seen in accesses)
        {
            bool isAttempt = seen.Access is { Operation: Operation.Execute, Outcome.IsGranted: false };
            if (!isAttempt && seen.Origin.Line > 0 && (first is null
                || (seen.Origin.Input, seen.Origin.Line).CompareTo((first.Origin.Input, first.Origin.Line)) < 0))
            {
                first = seen;
            }
        }

        return first?.Access.Operation == Operation.Execute ? first.Access : null;
    }

    private void Add(GeneralAccess access)
    {
        if (access.Outcome.Kind == OutcomeKind.Absent)
        {
            _probes += access.Names;
        }
        else if (access.Outcome.Kind == OutcomeKind.Denied)
        {
            _denied.Add(access);
        }
        else if (!access.Outcome.IsGranted)
        {
            _failed.Add(access);
        }
        else if (access.IsUnresolved || RightsOf(access) is not { } rights)
        {
            AddOther(access);
        }
        else if (access.Kind.HasPath()
            && access.Target.StartsWith('/'))
        {
            AddPath(access.Target, access, rights);
            if (access.Destination?.StartsWith('/') == true)
            {
                AddPath(access.Destination, access, PathRights.Make);
            }

            AddResolved(access, rights);
        }
        else
        {
            AddOther(access);
        }
    }

    private static PathRights? RightsOf(GeneralAccess access) => access.Operation switch
    {
        Operation.Read => PathRights.Read,
        Operation.Write => PathRights.Write,
        Operation.Create or Operation.Delete or Operation.Rename => PathRights.Make,
        Operation.Bind when access.Kind.IsUnixPath() => PathRights.Make,
        Operation.List => PathRights.List,
        Operation.Stat => PathRights.Look,
        Operation.Execute => PathRights.Execute,
        Operation.MapExecutable => PathRights.Map,
        Operation.ChangeAttributes => PathRights.Change,
        Operation.Connect or Operation.Send when access.Kind.IsUnixPath() => PathRights.Connect,
        _ => null,
    };

    /// <summary>What a link led to is needed too.</summary>
    private void AddResolved(GeneralAccess access, PathRights rights)
    {
        if (access.IsPattern)
        {
            return;
        }

        foreach (SeenAccess seen in access.Members)
        {
            if (seen.Access.Resolved is { } resolved && resolved.StartsWith('/') && resolved != access.Target
                && !resolved.StartsWith("/proc/", StringComparison.Ordinal))
            {
                AddPath(resolved, access, rights);
                return;
            }
        }
    }

    private void AddPath(string target, GeneralAccess access, PathRights rights)
    {
        bool isPattern = access.IsPattern && target.AsSpan().IndexOfAny("*[") >= 0;
        if (!_paths.TryGetValue(target, out PathDraft? draft))
        {
            _paths.Add(target, draft = new PathDraft(target, isPattern));
        }

        draft.Rights |= rights;
        draft.Evidence.Add(access);
    }

    private void AddOther(GeneralAccess access)
    {
        if (access.Kind == ObjectKind.Endpoint && ProfileEndpoints.Read(access) is { } endpoint)
        {
            (access.Operation is Operation.Bind or Operation.Listen ? _listens : _connects).Add(endpoint);
        }
        else if (access.Kind != ObjectKind.Memory)
        {
            _others.Add(access);
        }
    }

    private sealed class PathDraft(string target, bool isPattern)
    {
        public PathRights Rights { get; set; }

        public List<GeneralAccess> Evidence { get; } = [];

        public ProfilePath ToPath(IHostLook host, Credentials credentials)
        {
            string path = isPattern ? LiteralPart(target) : target;
            return new ProfilePath(path, isPattern ? target : null, Rights, Evidence)
            {
                IsCredential = !isPattern && credentials.Has(path),
                IsDirectory = isPattern || host.Look(path) is { IsDirectory: true },
            };
        }

        /// <summary>The directory above the first part with a wildcard.</summary>
        private static string LiteralPart(string pattern)
        {
            string[] parts = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
            System.Text.StringBuilder path = new();
            foreach (string part in parts)
            {
                if (!Policy.Model.Glob.TryLiteral(part, out string literal))
                {
                    break;
                }

                path.Append(CultureInfo.InvariantCulture, $"/{literal}");
            }

            return path.Length == 0 ? "/" : path.ToString();
        }
    }
}
