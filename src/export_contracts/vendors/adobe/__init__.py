"""Adobe Experience Platform."""
