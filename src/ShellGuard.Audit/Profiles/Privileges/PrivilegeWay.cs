namespace ShellGuard.Audit.Profiles.Privileges;

/// <summary>One way to have an access without being root.</summary>
/// <param name="Kind">What kind of way.</param>
/// <param name="Text">What to do, or what is lost: safe text.</param>
/// <param name="Cost">What else it gives, or null.</param>
public sealed record PrivilegeWay(PrivilegeWayKind Kind, string Text, string? Cost = null);

/// <summary>Ways to have an access without being root.</summary>
public enum PrivilegeWayKind
{
    /// <summary>Membership of a group.</summary>
    Group,

    /// <summary>An entry in a file's access control list, acl(5).</summary>
    FileAcl,

    /// <summary>A setting of the host or of the command.</summary>
    Setting,

    /// <summary>One capability, capabilities(7).</summary>
    Capability,

    /// <summary>One helper command, run as root through a leash or sudo.</summary>
    HelperCommand,

    /// <summary>Without it.</summary>
    LeaveOut,
}
