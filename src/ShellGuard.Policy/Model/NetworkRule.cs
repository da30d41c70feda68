using ShellGuard.Core;

namespace ShellGuard.Policy.Model;

/// <summary>One rule about endpoints.</summary>
public sealed record NetworkRule(EndpointPattern Pattern, Decision Decision, RuleSource Source);
