"""Models in OpenCLIP's format as transformers' own classes: no second library, no remote code.

Marqo's fashion models and most others that OpenCLIP trained are published so: ``open_clip_config.json`` with
the sizes, and weights under OpenCLIP's names. The computation is the same as that of transformers' CLIP and
SigLIP, so the weights are renamed.
"""
