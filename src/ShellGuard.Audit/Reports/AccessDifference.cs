using ShellGuard.Audit.Import;
using ShellGuard.Audit.Profiles.Generalisation;
using ShellGuard.Core;

namespace ShellGuard.Audit.Reports;

/// <summary>What one audit has that another one has not, after generalisation, so that another temporary name is no new
/// access.</summary>
/// <param name="New">What only the second has.</param>
/// <param name="Gone">What only the first has.</param>
/// <param name="Same">How many accesses both have.</param>
public sealed record AccessDifference(IReadOnlyList<GeneralAccess> New, IReadOnlyList<GeneralAccess> Gone, int Same)
{
    /// <summary>New accesses; looking for what is not there is none.</summary>
    public IEnumerable<GeneralAccess> NewAccesses => New.Where(access => access.Outcome.Kind != OutcomeKind.Absent);

    public static AccessDifference Between(ImportResult before, ImportResult after, GeneralOptions options)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        Generalised first = Generaliser.Of(before.Accesses, options), second = Generaliser.Of(after.Accesses, options);
        List<GeneralAccess> added = Missing(second, first);
        return new AccessDifference(added, Missing(first, second), second.Accesses.Count - added.Count);
    }

    private static List<GeneralAccess> Missing(Generalised of, Generalised from)
    {
        HashSet<GeneralKey> known = [.. from.Accesses.Select(Generaliser.KeyOf)];

        // A failure tells nothing new about an object where the same was done with success; and whoever may do anything
        // with an object may look at it.
        HashSet<GeneralKey> implied =
        [
            .. from.Accesses.Where(access => access.Outcome.IsGranted)
                .SelectMany(access => (GeneralKey[])[Implied(Generaliser.KeyOf(access)), Implied(Generaliser.KeyOf(access)) with { Operation = Operation.Stat }]),
        ];
        List<GeneralAccess> missing = [];
        foreach (GeneralAccess access in of.Accesses)
        {
            GeneralKey key = Generaliser.KeyOf(access);

            // Where fewer files than the threshold are read, the other side's directory has them in it; a directory that is
            // meant on this side only is missing with what is not known one by one.
            bool isImplied = (access.Outcome.Kind == OutcomeKind.Failed
                || access is { Operation: Operation.Stat, Outcome.IsGranted: true }) && implied.Contains(Implied(key));
            if (isImplied || known.Contains(key) || (Generaliser.DirectoryOf(key) is { } directory && known.Contains(directory)))
            {
                continue;
            }

            List<Model.SeenAccess> members = [.. access.Members.Where(seen => !known.Contains(Generaliser.Exact(seen.Access)))];
            if (members.Count > 0)
            {
                missing.Add(access with { Members = members });
            }
        }

        return missing;
    }

    private static GeneralKey Implied(GeneralKey key) => key with { Outcome = "", Destination = null };
}
