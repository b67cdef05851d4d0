namespace O1Coder.Models;

/// <summary>A template does what is not known or not possible; <see cref="Template"/> says where.</summary>
internal sealed class TemplateException(string message) : Exception(message);
