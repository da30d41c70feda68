namespace ShellGuard.Leash.Setup;

/// <summary>How a user gets to the leash.</summary>
public enum SetupMethod
{
    /// <summary>It is the login shell, and what sshd(8) runs for the user.</summary>
    Shell,

    /// <summary>sshd(8) runs it for the user, whatever the login shell is: <c>ForceCommand</c>.</summary>
    Ssh,

    /// <summary>One key runs it: <c>command=</c> in authorized_keys.</summary>
    Key,
}
