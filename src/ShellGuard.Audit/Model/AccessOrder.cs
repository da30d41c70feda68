using ShellGuard.Core;

namespace ShellGuard.Audit.Model;

/// <summary>The order in which accesses stand wherever they are listed: by operation, target, program, outcome.
/// </summary>
internal static class AccessOrder
{
    public static int Compare(SeenAccess left, SeenAccess right)
    {
        (Access a, Access b) = (left.Access, right.Access);
        int order = ((int)a.Operation).CompareTo((int)b.Operation);
        order = order != 0 ? order : string.CompareOrdinal(a.Target, b.Target);
        order = order != 0 ? order : string.CompareOrdinal(a.Destination, b.Destination);
        order = order != 0 ? order : string.CompareOrdinal(a.Chain[0].Program, b.Chain[0].Program);
        order = order != 0 ? order : string.CompareOrdinal(a.Chain[0].CommandName, b.Chain[0].CommandName);
        order = order != 0 ? order : ((int)a.Outcome.Kind).CompareTo((int)b.Outcome.Kind);
        order = order != 0 ? order : string.CompareOrdinal(a.Outcome.Error, b.Outcome.Error);
        order = order != 0 ? order : left.Origin.Input.CompareTo(right.Origin.Input);
        return order != 0 ? order : left.Origin.Line.CompareTo(right.Origin.Line);
    }
}
