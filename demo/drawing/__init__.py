"""Drawing a garment: geometry, cloth, light and rendering to pixels. Only demo imports it."""
