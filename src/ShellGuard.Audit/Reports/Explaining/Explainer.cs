using ShellGuard.Audit.Export;
using ShellGuard.Audit.Model;
using ShellGuard.Audit.Profiles;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Core;
using ShellGuard.Linux.Calls;

namespace ShellGuard.Audit.Reports.Explaining;

/// <summary>The way from any name, and from any rule that learn or an exporter writes, back to processes and lines.
/// </summary>
public sealed partial class Explainer
{
    private readonly AccessProfile _profile;
    private readonly IHostLook _host;
    private readonly WantedNames _wanted;
    private readonly List<GeneralAccess> _order = [];
    private readonly Dictionary<GeneralAccess, HashSet<SeenAccess>> _found = new(ReferenceEqualityComparer.Instance);
    private readonly List<ExplainedNote> _notes = [];

    private Explainer(AccessProfile profile, IHostLook host, string wanted) =>
        (_profile, _host, _wanted) = (profile, host, new WantedNames(wanted));

    /// <param name="wanted">As it stands in a report, in a policy or another output, or as the kernel has it.</param>
    public static Explanation Of(AccessProfile profile, IHostLook host, string wanted)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentException.ThrowIfNullOrEmpty(wanted);
        Explainer explainer = new(profile, host, wanted);
        explainer.AddNames(explainer._wanted.Has);
        explainer.AddWords();
        explainer.AddCommands();
        explainer.AddNames(explainer._wanted.IsAbove);
        if (explainer._order.Count == 0)
        {
            explainer.AddNames(explainer._wanted.Matches);
        }

        explainer.AddRules();
        explainer.AddPrivileges();
        explainer.AddEndpoints();
        explainer.AddCall();
        explainer.AddVariables();
        return new Explanation([.. explainer._order.Select(explainer.Narrowed)], explainer._notes);
    }

    /// <summary>Accesses to what has such a name: a pattern is answered by all that it stands for, a name in it by what has
    /// that name.</summary>
    private void AddNames(Func<string, bool> isMeant)
    {
        foreach (GeneralAccess access in _profile.Source.Accesses)
        {
            bool whole = isMeant(access.Target) || (access.Destination is not null && isMeant(access.Destination));
            Add(access, whole ? access.Members : [.. access.Members.Where(seen => IsAbout(seen.Access, isMeant))]);
        }
    }

    private static bool IsAbout(Access access, Func<string, bool> isMeant) => isMeant(access.Target)
        || (access.Resolved is not null && isMeant(access.Resolved)) || (access.Destination is not null && isMeant(access.Destination));

    /// <summary><c>mount /mnt</c> is about the call and about the place.</summary>
    private void AddWords()
    {
        foreach (GeneralAccess access in _profile.Source.Accesses)
        {
            int blank = access.Kind is ObjectKind.SystemCall or ObjectKind.Privilege ? access.Target.IndexOf(' ', StringComparison.Ordinal) : -1;
            if (blank > 0 && (_wanted.Has(access.Target[..blank]) || _wanted.Has(access.Target[(blank + 1)..]) || _wanted.IsAbove(access.Target[(blank + 1)..])))
            {
                Add(access, access.Members);
            }
        }
    }

    /// <summary>A command with its arguments, as sudo and doas have it.</summary>
    private void AddCommands()
    {
        foreach (GeneralAccess access in _profile.Source.Accesses.Where(access => access.Operation == Operation.Execute && _wanted.Text.Contains(' ', StringComparison.Ordinal)))
        {
            Add(access, [.. access.Members.Where(seen => _wanted.Has(
                string.Join(' ', seen.Access.Arguments.Kept.Skip(1).Select(word => KernelText.Decode(word.Kept.Span)).Prepend(seen.Access.Target))))]);
        }
    }

    /// <summary>What a rule of a policy, or of a target that is made like one, has as its evidence.</summary>
    private void AddRules()
    {
        foreach (bool direct in (ReadOnlySpan<bool>)[false, true])
        {
            PolicyRules rules = PolicyRules.Of(_profile, _host, direct);
            foreach (KeyValuePair<string, List<GeneralAccess>> rule in rules.Reads.Concat(rules.Layers).Concat(rules.Direct).Concat(rules.Network))
            {
                if (_wanted.Has(rule.Key))
                {
                    rule.Value.ForEach(access => Add(access, access.Members));
                }
            }

            if (!direct && (rules.Hidden.Contains(_wanted.Text) || rules.Hidden.Any(_wanted.Has)))
            {
                _notes.Add(new ExplainedNote(
                    $"{AccessText.Name(_wanted.Text)}: the default policy hides it, and a rule makes a directory above it changeable; no access is the reason"));
            }
        }
    }

    private void Add(GeneralAccess access, IReadOnlyList<SeenAccess> members)
    {
        if (members.Count == 0)
        {
            return;
        }

        if (!_found.TryGetValue(access, out HashSet<SeenAccess>? known))
        {
            _order.Add(access);
            _found.Add(access, known = new HashSet<SeenAccess>(ReferenceEqualityComparer.Instance));
        }

        known.UnionWith(members);
    }

    private GeneralAccess Narrowed(GeneralAccess access) => access with { Members = [.. access.Members.Where(_found[access].Contains)] };
}
