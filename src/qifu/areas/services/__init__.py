"""Services to enterprises (企业服务): appointments, answers, the catalogue, outside certificates."""
