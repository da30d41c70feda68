namespace ShellGuard.Policy.Model;

/// <summary>People who see the exact bytes and let them out.</summary>
/// <param name="Approvers">Login names.</param>
/// <param name="SecondPerson">Whether two of them must agree, neither of whom is the user whose session asks.</param>
/// <param name="Expires">How long an approval holds that was not used.</param>
/// <param name="MaximumBytes">The longest text that can be approved.</param>
public sealed record ApprovalRule(
    IReadOnlyList<string> Approvers, bool SecondPerson, TimeSpan Expires, int MaximumBytes);
